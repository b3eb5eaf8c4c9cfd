#pragma once

#include <filesystem>
#include <string>

#include "kernels/activation.hpp"

namespace sketchscope {

/// The shape and options of a GPT-2 model, as its config.json states them.
struct ModelConfig {
  int layers = 12;         // L: n_layer
  int heads = 12;          // H: n_head
  int width = 768;         // C: n_embd
  int inner_width = 3072;  // n_inner, default 4 C
  int vocabulary = 50257;  // V: vocab_size
  int positions = 1024;    // T: n_positions
  float layer_norm_epsilon = 1e-5F;
  Activation activation = Activation::gelu_new;
  bool scale_attention = true;            // scale_attn_weights: by 1/sqrt(D)
  bool scale_attention_by_layer = false;  // scale_attn_by_inverse_layer_idx: by 1/(layer + 1)
  bool tied_head = true;                  // tie_word_embeddings
  int end_of_text = -1;                   // eos_token_id, −1 if none

  [[nodiscard]] int head_width() const { return width / heads; }  // D
  /// What a dot product of query and key is multiplied with in `layer`.
  [[nodiscard]] float attention_scale(int layer) const;
};

/// Reads config.json of a Hugging Face GPT-2 directory. Throws Error naming an option that is not
/// supported, a missing file, or a value that makes no sense.
ModelConfig read_gpt2_config(const std::filesystem::path& directory);

}  // namespace sketchscope
