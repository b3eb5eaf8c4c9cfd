#pragma once

#include <memory>
#include <vector>

#include "engine/model/model.hpp"
#include "engine/model/random_checkpoint.hpp"

namespace sketchscope::support {

/// The shape of a small Llama, whose query heads share keys by threes, with 48 positions.
inline model::ModelConfig rotary_config(int layers) {
  return {.family = model::ModelFamily::llama,
          .layers = layers,
          .heads = 6,
          .kv_heads = 2,
          .width = 20,
          .head_width = 6,
          .inner_width = 27,
          .vocabulary = 61,
          .positions = 48,
          .norm = model::NormKind::rms_norm,
          .rotary = model::RotaryPositions{.frequencies = model::rotary_frequencies(6, 100)},
          .activation = kernels::Activation::silu,
          .gated = true,
          .qkv_bias = false,
          .attention_output_bias = false,
          .inner_bias = false};
}

inline checkpoint::Checkpoint rotary_checkpoint(int layers) {
  return model::random_checkpoint(rotary_config(layers), 7);
}

/// Returns that Llama with random weights, which are equal on every machine.
inline std::shared_ptr<const model::Model> rotary_model(int layers) {
  return std::make_shared<const model::Model>(rotary_config(layers), rotary_checkpoint(layers),
                                              checkpoint::WeightDtype::f32);
}

/// Returns tokens of which none comes twice within 61: in the first layer the keys of equal tokens
/// are equally long but for rounding.
inline std::vector<int> rotary_tokens(int count) {
  std::vector<int> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back((i * 23 + 5) % 61);
  return tokens;
}

}  // namespace sketchscope::support
