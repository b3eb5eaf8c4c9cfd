#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/core/error.hpp"
#include "engine/core/registry.hpp"
#include "engine/model/decoder_parts.hpp"
#include "engine/model/model_config.hpp"
#include "engine/model/weight_buffer.hpp"
#include "kernels/layers.hpp"

namespace sketchscope::core {

template <>
inline constexpr std::array enum_names<kernels::WeightType> = {
    NamedValue{kernels::WeightType::f32, "f32"},   NamedValue{kernels::WeightType::f16, "f16"},
    NamedValue{kernels::WeightType::bf16, "bf16"}, NamedValue{kernels::WeightType::int8, "int8"},
    NamedValue{kernels::WeightType::q8_0, "q8_0"}, NamedValue{kernels::WeightType::q4_0, "q4_0"},
    NamedValue{kernels::WeightType::q4_1, "q4_1"},
};

}  // namespace sketchscope::core

namespace sketchscope::model {

/// A linear layer that owns its weights.
struct LinearWeights {
  WeightBuffer weight;       // (N, K) of `type`, in panels
  std::vector<float> scale;  // (N) for int8, else empty
  std::vector<float> bias;   // (N), or empty
  kernels::WeightType type = kernels::WeightType::f32;
  int inputs = 0;   // K
  int outputs = 0;  // N

  [[nodiscard]] kernels::Linear view() const;
};

/// A norm that owns its weights.
struct NormWeights {
  std::vector<float> scale;  // (C)
  std::vector<float> bias;   // (C), or empty
  NormKind kind = NormKind::layer_norm;
};

/// All weights of a decoder: matrices in the chosen type or as blocks, the rest in f32.
using ModelWeights = DecoderParts<NormWeights, LinearWeights, std::vector<float>>;

/// The weights of a norm in the memory of a backend.
struct NormView {
  const float* scale = nullptr;  // (C)
  const float* bias = nullptr;   // (C), of a layer norm
  int width = 0;                 // C
  NormKind kind = NormKind::layer_norm;
};

/// The weights of a decoder in the memory of the backend that runs it.
using DecoderView = DecoderParts<NormView, kernels::Linear, const float*>;

/// Returns the addresses of the weights in host memory; they stay valid as long as `weights`.
[[nodiscard]] DecoderView view_of(const ModelWeights& weights);
/// Returns the type that most weights of matrices have.
[[nodiscard]] kernels::WeightType main_type(const ModelWeights& weights);
/// Returns the bytes that the weights take.
[[nodiscard]] std::size_t bytes_of(const ModelWeights& weights);

/// Copies the tensors of `checkpoint` that the configuration needs and ignores others, such as
/// stored attention masks. A stored head that differs from the embedding is kept even where the
/// configuration ties them, as Hugging Face does; a tied matrix may be stored under the head's name
/// alone. Names may lack the prefix `model.`, as those of a model without a head do. A matrix all
/// of whose tensors keep their blocks and have one type of them keeps it, whatever `dtype` says. A
/// matrix is held as it is stored, or in f32 where its tensors have different types, unless `dtype`
/// names a type. Throws Error naming a tensor that is missing, of another shape or type, or that
/// holds NaN or an infinity.
/// `progress` is called after every part.
ModelWeights load_weights(const ModelConfig& config, const checkpoint::Checkpoint& checkpoint,
                          checkpoint::WeightDtype dtype, const core::ProgressSink& progress = {});

}  // namespace sketchscope::model
