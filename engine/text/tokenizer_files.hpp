#pragma once

#include <filesystem>
#include <optional>

#include "engine/text/tokenizer_parts.hpp"

namespace sketchscope::text {

/// Reads the first of these that exists: tokenizer.json, vocab.json with merges.txt, encoder.json
/// with vocab.bpe, tokenizer.model; and what stands beside it (tokenizer_settings.hpp). Returns
/// nullopt if none exists; throws UnsupportedTokenizer on a kind or option that cannot be followed,
/// Error on damage.
std::optional<TokenizerParts> read_tokenizer_files(const std::filesystem::path& directory);

}  // namespace sketchscope::text
