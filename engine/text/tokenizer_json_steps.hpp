#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/text/tokenizer_parts.hpp"

namespace sketchscope::text {

// Each reads one member of tokenizer.json into the parts; null says that the tokenizer has none.
// They throw UnsupportedTokenizer naming a type or an option that cannot be followed.

void read_normalizer_json(const nlohmann::json& json, TokenizerParts& parts);
void read_pre_tokenizer_json(const nlohmann::json& json, TokenizerParts& parts);
/// A byte-level tokenizer without a decoder gets that of bytes.
void read_decoder_json(const nlohmann::json& json, TokenizerParts& parts);
/// Reads the special tokens that the post-processor puts around a text.
void read_template_json(const nlohmann::json& json, TokenizerParts& parts);

}  // namespace sketchscope::text
