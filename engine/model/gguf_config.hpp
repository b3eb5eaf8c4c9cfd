#pragma once

#include <vector>

#include "engine/checkpoint/gguf_file.hpp"
#include "engine/model/model_config.hpp"

namespace sketchscope::model {

/// Reads the configuration that a GGUF file has in its metadata, under the keys of its
/// `general.architecture`: what a config.json of the same family says, with the factors of rotary
/// frequencies that a tensor `rope_freqs.weight` holds. Biases and a head of its own are there
/// where the file has their tensors. Throws Error naming a key that is missing, out of range, or
/// says what is not followed.
[[nodiscard]] ModelConfig read_gguf_config(const checkpoint::GgufFile& file);

/// Returns the tokens that end a text by the metadata: end of sequence, of turn and of message.
[[nodiscard]] std::vector<int> gguf_end_tokens(const checkpoint::GgufMetadata& metadata);

}  // namespace sketchscope::model
