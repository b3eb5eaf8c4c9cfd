// Qwen2 and Qwen2.5 as Hugging Face stores them (modeling_qwen2.py, configuration_qwen2.py):
// queries, keys and values have biases, the output of attention has none.
#include "engine/model/families/family.hpp"
#include "engine/model/families/llama_layout.hpp"

namespace sketchscope::model {
namespace {

constexpr LlamaDefaults kQwen2Defaults = {.family = ModelFamily::qwen2,
                                          .inner_width = 22016,
                                          .vocabulary = 151936,
                                          .positions = 32768,
                                          .kv_heads = 32};

ModelConfig read_qwen2_config(const ConfigOptions& options) {
  ModelConfig config = read_llama_layout(options, kQwen2Defaults);
  config.qkv_bias = true;
  refuse_windowed_layers(options, config);
  return config;
}

}  // namespace

Family qwen2_family() {
  return {.id = ModelFamily::qwen2,
          .name = "qwen2",
          .read_config = read_qwen2_config,
          .name_weights = name_llama_layout,
          .gguf_pairs = GgufPairs::halves};
}

}  // namespace sketchscope::model
