#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/core/progress.hpp"
#include "engine/model/model_config.hpp"
#include "engine/model/weight_buffer.hpp"
#include "kernels/linear.hpp"

namespace sketchscope {

/// A linear layer that owns its numbers.
struct LinearWeights {
  WeightBuffer weight;       // (N, K) of `type`
  std::vector<float> scale;  // (N) for int8, else empty
  std::vector<float> bias;   // (N), or empty
  WeightType type = WeightType::f32;
  int inputs = 0;   // K
  int outputs = 0;  // N

  [[nodiscard]] Linear view() const;
  [[nodiscard]] std::size_t bytes() const;
  /// Row `index` of the matrix as numbers: the embedding of a token. row (K).
  void read_row(int index, std::span<float> row) const;
};

struct LayerNormWeights {
  std::vector<float> scale;  // (C)
  std::vector<float> shift;  // (C)
};

/// One transformer block, in the order of the computation.
struct LayerWeights {
  LayerNormWeights attention_norm;
  LinearWeights qkv;               // (3 C, C)
  LinearWeights attention_output;  // (C, C)
  LayerNormWeights inner_norm;
  LinearWeights expand;    // (inner_width, C)
  LinearWeights contract;  // (C, inner_width)
};

/// All numbers of a GPT-2: matrices in the chosen type, the rest in f32.
struct ModelWeights {
  LinearWeights tokens;          // (V, C), which is also a tied head
  std::vector<float> positions;  // (T, C)
  std::vector<LayerWeights> layers;
  LayerNormWeights final_norm;
  std::optional<LinearWeights> own_head;  // (V, C), absent where the head is tied

  [[nodiscard]] const LinearWeights& head() const { return own_head ? *own_head : tokens; }
  [[nodiscard]] std::size_t bytes() const;
};

/// Copies the tensors of `checkpoint` that the configuration asks for, and ignores others (stored
/// attention masks). A stored head that differs from the embedding is kept even where the
/// configuration ties them, as Hugging Face does. Throws Error naming a tensor that is missing, or
/// of another shape or type. `progress` hears of every layer.
ModelWeights load_weights(const ModelConfig& config, const Checkpoint& checkpoint,
                          WeightDtype dtype, const ProgressSink& progress = {});

}  // namespace sketchscope
