// Llama as Hugging Face stores it (modeling_llama.py, configuration_llama.py); Llama 1 to 3,
// TinyLlama, SmolLM and SmolLM2 are of this family.
#include "engine/model/families/family.hpp"
#include "engine/model/families/llama_layout.hpp"

namespace sketchscope::model {
namespace {

constexpr LlamaDefaults kLlamaDefaults = {.family = ModelFamily::llama,
                                          .inner_width = 11008,
                                          .vocabulary = 32000,
                                          .positions = 2048,
                                          .start_of_text = 1,
                                          .end_of_text = 2};

ModelConfig read_llama_config(const ConfigOptions& options) {
  ModelConfig config = read_llama_layout(options, kLlamaDefaults);
  config.qkv_bias = config.attention_output_bias = options.boolean("attention_bias", false);
  config.inner_bias = options.boolean("mlp_bias", false);
  refuse_short_window(options, options.integer("sliding_window", 0, kWindows), config);
  refuse_partial_layers(options);
  return config;
}

}  // namespace

Family llama_family() {
  return {.id = ModelFamily::llama,
          .name = "llama",
          .read_config = read_llama_config,
          .name_weights = name_llama_layout,
          .gguf_pairs = GgufPairs::alternating};
}

}  // namespace sketchscope::model
