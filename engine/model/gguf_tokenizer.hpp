#pragma once

#include <optional>

#include "engine/checkpoint/gguf_file.hpp"
#include "engine/text/tokenizer.hpp"

namespace sketchscope::model {

/// Makes the tokenizer that a GGUF file has in its metadata; nothing where it has none. Throws
/// text::UnsupportedTokenizer on a kind or option that cannot be followed, Error on damage.
[[nodiscard]] std::optional<text::Tokenizer> read_gguf_tokenizer(const checkpoint::GgufFile& file);

}  // namespace sketchscope::model
