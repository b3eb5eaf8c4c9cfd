// SmolLM3 as Hugging Face stores it (modeling_smollm3.py, configuration_smollm3.py): as Llama, but
// some layers, every fourth unless the file lists them, do not rotate their queries and keys.
#include <string>

#include "engine/model/families/family.hpp"
#include "engine/model/families/llama_layout.hpp"

namespace sketchscope::model {
namespace {

constexpr LlamaDefaults kSmolLm3Defaults = {.family = ModelFamily::smollm3,
                                            .inner_width = 11008,
                                            .vocabulary = 128256,
                                            .positions = 32768,
                                            .kv_heads = 4,
                                            .theta = 2e6,
                                            .start_of_text = 128000,
                                            .end_of_text = 128001};

/// Returns the layers without positions. Contrary to its name, the list `no_rope_layers` holds 0
/// for such a layer and 1 for a layer with rotary positions.
std::vector<int> read_unrotated_layers(const ConfigOptions& options, int layers) {
  std::vector<int> unrotated;
  if (!options.has("no_rope_layers")) {
    const int interval = options.integer("no_rope_layer_interval", 4, kLayerCounts);
    for (int layer = interval - 1; layer < layers; layer += interval) unrotated.push_back(layer);
    return unrotated;
  }
  const std::vector<bool> rotated = options.booleans("no_rope_layers");
  if (rotated.size() != static_cast<std::size_t>(layers)) {
    options.refuse("no_rope_layers",
                   "a list of num_hidden_layers = " + std::to_string(layers) + " numbers, 0 or 1");
  }
  for (int layer = 0; layer < layers; ++layer) {
    if (!rotated[static_cast<std::size_t>(layer)]) unrotated.push_back(layer);
  }
  return unrotated;
}

ModelConfig read_smollm3_config(const ConfigOptions& options) {
  ModelConfig config = read_llama_layout(options, kSmolLm3Defaults);
  config.unrotated_layers = read_unrotated_layers(options, config.layers);
  config.qkv_bias = config.attention_output_bias = options.boolean("attention_bias", false);
  config.inner_bias = options.boolean("mlp_bias", false);
  config.tied_head = options.boolean("tie_word_embeddings", true);
  refuse_partial_layers(options);
  const bool windowed = options.boolean("use_sliding_window", false) && !options.has("layer_types");
  if (windowed)
    refuse_short_window(options, options.integer("sliding_window", 0, kWindows), config);
  return config;
}

}  // namespace

Family smollm3_family() {
  return {.id = ModelFamily::smollm3,
          .name = "smollm3",
          .read_config = read_smollm3_config,
          .name_weights = name_llama_layout};
}

}  // namespace sketchscope::model
