// Mistral as Hugging Face stores it (modeling_mistral.py, configuration_mistral.py), where no
// attention window cuts the context short.
#include "engine/model/families/family.hpp"
#include "engine/model/families/llama_layout.hpp"

namespace sketchscope::model {
namespace {

constexpr LlamaDefaults kMistralDefaults = {.family = ModelFamily::mistral,
                                            .inner_width = 14336,
                                            .vocabulary = 32000,
                                            .positions = 131072,
                                            .kv_heads = 8,
                                            .start_of_text = 1,
                                            .end_of_text = 2};

/// The window of files that do not say null for none.
constexpr int kMistralWindow = 4096;

ModelConfig read_mistral_config(const ConfigOptions& options) {
  const ModelConfig config = read_llama_layout(options, kMistralDefaults);
  const int absent = options.lists("sliding_window") ? 0 : kMistralWindow;
  refuse_short_window(options, options.integer("sliding_window", absent, kWindows), config);
  refuse_partial_layers(options);
  return config;
}

}  // namespace

Family mistral_family() {
  return {.id = ModelFamily::mistral,
          .name = "mistral",
          .read_config = read_mistral_config,
          .name_weights = name_llama_layout};
}

}  // namespace sketchscope::model
