#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "kernels/activation.hpp"

namespace sketchscope {

/// The shape and options of a GPT-2 model, as its config.json states them.
struct ModelConfig {
  int layers = 12;                 // L: n_layer
  int heads = 12;                  // H, query heads: n_head
  int kv_heads = heads;            // K, key/value heads; K divides H, head h reads h / (H / K)
  int width = 768;                 // C: n_embd
  int head_width = width / heads;  // D; H · D need not be C
  int inner_width = 3072;          // F: n_inner, default 4 C
  int vocabulary = 50257;          // V: vocab_size
  int positions = 1024;            // T: n_positions
  float layer_norm_epsilon = 1e-5F;
  Activation activation = Activation::gelu_new;
  bool scale_attention = true;            // scale_attn_weights: by 1/sqrt(D)
  bool scale_attention_by_layer = false;  // scale_attn_by_inverse_layer_idx: by 1/(layer + 1)
  bool tied_head = true;                  // tie_word_embeddings
  int end_of_text = -1;                   // eos_token_id, −1 if none

  /// The key/value head that query head `head` reads.
  [[nodiscard]] int kv_head_of(int head) const { return head / (heads / kv_heads); }
  /// Numbers of all query heads together, H · D.
  [[nodiscard]] int query_width() const { return heads * head_width; }
  /// Numbers of all keys, or of all values, of one token in one layer, K · D.
  [[nodiscard]] int kv_width() const { return kv_heads * head_width; }
  /// What a token adds to a full cache, 2 · L · K · D numbers.
  [[nodiscard]] std::size_t kv_floats_per_token() const {
    return 2 * static_cast<std::size_t>(layers) * static_cast<std::size_t>(kv_width());
  }
  /// What a dot product of query and key is multiplied with in `layer`.
  [[nodiscard]] float attention_scale(int layer) const;
};

/// Reads config.json of a Hugging Face GPT-2 directory. Throws Error naming an option that is not
/// supported, a missing file, or a value that makes no sense.
ModelConfig read_gpt2_config(const std::filesystem::path& directory);

}  // namespace sketchscope
