#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/model/rotary_positions.hpp"
#include "kernels/layers.hpp"

namespace sketchscope::model {

/// The families of decoders that can be opened; engine/model/families has a file for each.
enum class ModelFamily : std::uint8_t { gpt2, llama, mistral, qwen2, qwen3, smollm3 };

/// The norms before attention, before the inner layer and before the head.
enum class NormKind : std::uint8_t { layer_norm, rms_norm };

/// The id that stands for a token that a model does not have.
inline constexpr int kNoToken = -1;

/// The shape of a decoder and the options of its computation, independent of the file format. The
/// defaults are those of GPT-2 with 124 million weights.
struct ModelConfig {
  ModelFamily family = ModelFamily::gpt2;
  int layers = 12;                 // L
  int heads = 12;                  // H, query heads
  int kv_heads = heads;            // K, key/value heads; divides H
  int width = 768;                 // C
  int head_width = width / heads;  // D; H · D need not be C
  int inner_width = 4 * width;     // F
  int vocabulary = 50257;          // V
  int positions = 1024;            // T
  NormKind norm = NormKind::layer_norm;
  float norm_epsilon = 1e-5F;
  std::optional<RotaryPositions> rotary;  ///< absent where positions are learned and embedded
  std::vector<int> unrotated_layers;  ///< layers that know no positions, although others are rotary
  kernels::Activation activation = kernels::Activation::gelu_new;
  bool gated = false;                     ///< the inner layer is activation(gate) · value
  bool head_norms = false;                ///< each head's query and key is normalised
  bool qkv_bias = true;                   ///< queries, keys and values have biases
  bool attention_output_bias = true;      ///< the output of attention has a bias
  bool inner_bias = true;                 ///< the inner layer's projections have biases
  bool scale_attention = true;            ///< divide scores by sqrt(D)
  bool scale_attention_by_layer = false;  ///< divide scores by (layer + 1)
  bool tied_head = true;                  ///< the head is the token embedding
  int start_of_text = kNoToken;           ///< the token that begins a text
  std::vector<int> ends_of_text;          ///< the tokens that end a text; may be empty

  /// Returns the key/value head that query head `head` reads, head / (H / K).
  [[nodiscard]] int kv_head_of(int head) const { return head / (heads / kv_heads); }
  /// Numbers of all query heads together, H · D.
  [[nodiscard]] int query_width() const { return heads * head_width; }
  /// Numbers of all keys, or of all values, of one token in one layer, K · D.
  [[nodiscard]] int kv_width() const { return kv_heads * head_width; }
  /// Numbers that one token's queries, keys and values take in one layer, (H + 2 K) · D.
  [[nodiscard]] int qkv_width() const { return query_width() + 2 * kv_width(); }
  /// Outputs of the inner layer's first projection, F or, gated, 2 F.
  [[nodiscard]] int up_width() const { return gated ? 2 * inner_width : inner_width; }
  /// Numbers of one token's cosines and sines, R; 0 where positions are learned.
  [[nodiscard]] int rotary_width() const { return rotary ? static_cast<int>(rotary->width()) : 0; }
  /// Returns whether rotary positions rotate the queries and keys of `layer`.
  [[nodiscard]] bool rotates(int layer) const {
    return rotary && std::ranges::find(unrotated_layers, layer) == unrotated_layers.end();
  }
  /// Numbers that one token adds to a full cache, 2 · L · K · D.
  [[nodiscard]] std::size_t kv_floats_per_token() const {
    return 2 * static_cast<std::size_t>(layers) * static_cast<std::size_t>(kv_width());
  }
  /// Returns the factor of the dot products of queries and keys in `layer`.
  [[nodiscard]] float attention_scale(int layer) const {
    const float by_width =
        scale_attention ? 1.0F / std::sqrt(static_cast<float>(head_width)) : 1.0F;
    return scale_attention_by_layer ? by_width / static_cast<float>(layer + 1) : by_width;
  }
  /// Returns whether this token ends a text.
  [[nodiscard]] bool ends_text(int token) const {
    return std::ranges::find(ends_of_text, token) != ends_of_text.end();
  }
};

}  // namespace sketchscope::model
