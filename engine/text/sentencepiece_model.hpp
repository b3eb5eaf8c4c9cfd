#pragma once

#include <string>
#include <string_view>

#include "engine/text/tokenizer_lists.hpp"

namespace sketchscope::text {

/// Reads a SentencePiece model (tokenizer.model) of the byte-pair kind. Throws UnsupportedTokenizer
/// on another kind, Error on damage; both name `source`.
TokenizerLists read_sentencepiece_model(std::string_view bytes, const std::string& source);

}  // namespace sketchscope::text
