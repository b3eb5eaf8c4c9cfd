#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "kernels/layers.hpp"

namespace sketchscope {

/// The families of decoders that can be opened; engine/model/families has a file for each.
enum class ModelFamily : std::uint8_t { gpt2 };

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
  float norm_epsilon = 1e-5F;
  Activation activation = Activation::gelu_new;
  bool scale_attention = true;            ///< divide scores by sqrt(D)
  bool scale_attention_by_layer = false;  ///< divide scores by (layer + 1)
  bool tied_head = true;                  ///< the head is the token embedding
  int end_of_text = -1;                   ///< id of the token, −1 if there is none

  /// Returns the key/value head that query head `head` reads, head / (H / K).
  [[nodiscard]] int kv_head_of(int head) const { return head / (heads / kv_heads); }
  /// Numbers of all query heads together, H · D.
  [[nodiscard]] int query_width() const { return heads * head_width; }
  /// Numbers of all keys, or of all values, of one token in one layer, K · D.
  [[nodiscard]] int kv_width() const { return kv_heads * head_width; }
  /// Numbers that one token's queries, keys and values take in one layer, (H + 2 K) · D.
  [[nodiscard]] int qkv_width() const { return query_width() + 2 * kv_width(); }
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
};

}  // namespace sketchscope
