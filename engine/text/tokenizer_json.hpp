#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/text/tokenizer_parts.hpp"

namespace sketchscope::text {

/// Reads a tokenizer.json of Hugging Face's tokenizers. Its truncation and padding are left aside,
/// as transformers leaves them. Throws UnsupportedTokenizer on a kind or option that would change
/// ids and cannot be followed, Error on damage; both name `source`.
TokenizerParts read_tokenizer_json(const nlohmann::json& json, const std::string& source);

/// Reads entries and ids of a vocabulary, an object from texts to ids.
void read_vocabulary_json(const nlohmann::json& vocabulary, TokenizerParts& parts);

/// Reads a merge written "left right". Throws Error naming `where`, its place in a file.
EntryMerge merge_of_line(std::string_view line, const std::string& where);

/// Reads one added token. The flags that are absent are false; `normalized` is then what `special`
/// is not.
AddedToken read_added_token(const nlohmann::json& token, int id);

/// Reads a token id. Throws Error naming `where`, its place in a file, if it is no id.
int read_token_id(const nlohmann::json& id, const std::string& where);

/// Returns a member of an object; null if there is none, or if it is no object.
nlohmann::json member_of(const nlohmann::json& object, const std::string& name);

}  // namespace sketchscope::text
