#pragma once

#include "engine/model/families/config_options.hpp"
#include "engine/model/model_config.hpp"
#include "engine/model/weight_names.hpp"

/// What decoders of Llama's layout share: root-mean-square norms, rotary positions, query heads
/// that share keys and values, gated inner layers, no biases unless a family has them, and the
/// names of their tensors (Hugging Face's transformers, modeling_llama.py).
namespace sketchscope::model {

/// Values of options that a config.json leaves out, by family.
struct LlamaDefaults {
  ModelFamily family = ModelFamily::llama;
  int inner_width = 0;
  int vocabulary = 0;
  int positions = 0;
  int kv_heads = 0;      ///< 0: as many as query heads
  int head_width = 0;    ///< 0: the width shared out among the query heads
  double theta = 10000;  ///< of rotary positions
  int start_of_text = kNoToken;
  int end_of_text = kNoToken;
};

/// Reads everything but biases and head norms, which are absent in the result. Throws Error naming
/// an option with a value that is not supported.
[[nodiscard]] ModelConfig read_llama_layout(const ConfigOptions& options,
                                            const LlamaDefaults& defaults);

/// Names all weights, those of biases, head norms and an own head as the configuration says.
[[nodiscard]] WeightNames name_llama_layout(const ModelConfig& config);

/// Refuses a sliding window of attention that is shorter than the context; 0 stands for none.
void refuse_short_window(const ConfigOptions& options, int window, const ModelConfig& config);

/// Refuses layers, listed by `layer_types`, that attend to a part of the context.
void refuse_partial_layers(const ConfigOptions& options);

/// Refuses layers with a window as Qwen's configurations describe them: from `max_window_layers` on
/// where `use_sliding_window` is set, or as `layer_types` lists them.
void refuse_windowed_layers(const ConfigOptions& options, const ModelConfig& config);

}  // namespace sketchscope::model
