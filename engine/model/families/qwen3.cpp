// Qwen3 as Hugging Face stores it (modeling_qwen3.py, configuration_qwen3.py): each head's query
// and key is normalised before it is rotated, and heads have a width of their own.
#include "engine/model/families/family.hpp"
#include "engine/model/families/llama_layout.hpp"

namespace sketchscope::model {
namespace {

constexpr LlamaDefaults kQwen3Defaults = {.family = ModelFamily::qwen3,
                                          .inner_width = 22016,
                                          .vocabulary = 151936,
                                          .positions = 32768,
                                          .kv_heads = 32,
                                          .head_width = 128};

ModelConfig read_qwen3_config(const ConfigOptions& options) {
  ModelConfig config = read_llama_layout(options, kQwen3Defaults);
  config.head_norms = true;
  config.qkv_bias = config.attention_output_bias = options.boolean("attention_bias", false);
  refuse_windowed_layers(options, config);
  return config;
}

}  // namespace

Family qwen3_family() {
  return {.id = ModelFamily::qwen3,
          .name = "qwen3",
          .read_config = read_qwen3_config,
          .name_weights = name_llama_layout,
          .gguf_pairs = GgufPairs::halves};
}

}  // namespace sketchscope::model
