#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/core/progress.hpp"
#include "engine/model/decoder_parts.hpp"
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
};

struct NormWeights {
  std::vector<float> scale;  // (C)
  std::vector<float> bias;   // (C)
};

/// All numbers of a decoder: matrices in the chosen type, the rest in f32.
using ModelWeights = DecoderParts<NormWeights, LinearWeights, std::vector<float>>;

/// Where a norm's numbers lie.
struct NormView {
  const float* scale = nullptr;  // (C)
  const float* bias = nullptr;   // (C)
  int width = 0;                 // C
};

/// Where a decoder's numbers lie, in the memory of the backend that runs it.
using DecoderView = DecoderParts<NormView, Linear, const float*>;

[[nodiscard]] DecoderView view_of(const ModelWeights& weights);
[[nodiscard]] std::size_t bytes_of(const ModelWeights& weights);

/// Row `index` of a matrix as numbers: the embedding of a token. row (K).
void read_weight_row(const Linear& matrix, int index, std::span<float> row);

/// Copies the tensors of `checkpoint` that the configuration asks for, and ignores others (stored
/// attention masks). A stored head that differs from the embedding is kept even where the
/// configuration ties them, as Hugging Face does. Throws Error naming a tensor that is missing, or
/// of another shape or type. `progress` hears of every part.
ModelWeights load_weights(const ModelConfig& config, const Checkpoint& checkpoint,
                          WeightDtype dtype, const ProgressSink& progress = {});

}  // namespace sketchscope
