#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/text/tokenizer_parts.hpp"

namespace sketchscope::text {

/// A tokenizer as plain lists, which is how GGUF and SentencePiece files store it.
struct TokenizerLists {
  /// Whether merges are a list of pairs over bytes (GPT-2) or follow from scores of entries over
  /// characters (SentencePiece).
  enum class Kind { gpt2, llama };
  /// The kinds of entries, with the numbers that both formats store.
  enum Type { normal = 1, unknown = 2, control = 3, user_defined = 4, unused = 5, byte = 6 };

  std::string source = {};  ///< name of the file for messages
  Kind kind = Kind::gpt2;
  std::string pre = {};  ///< how text is cut (kind gpt2); see known_pre_tokenizers()
  std::vector<std::string> tokens = {};  ///< by id
  std::vector<float> scores = {};        ///< by id (kind llama)
  std::vector<std::string> merges = {};  ///< "left right" (kind gpt2)
  std::vector<int> types = {};           ///< by id; empty means all are normal
  std::optional<int> start_token = {};
  std::vector<int> end_tokens = {};
  std::optional<bool> adds_start_token = {};  ///< nullopt means the default of `kind` and `pre`
  bool adds_end_token = false;
  bool adds_space_prefix = true;      ///< kind llama
  bool removes_extra_spaces = false;  ///< kind llama
  std::string character_map = {};     ///< kind llama: SentencePiece's precompiled_charsmap
  std::string chat_template = {};
};

/// Returns the names of `pre` that are known, as a list for messages.
std::string known_pre_tokenizers();

/// Throws UnsupportedTokenizer on an unknown `pre` or type, Error where the lists do not fit each
/// other.
TokenizerParts parts_of_lists(const TokenizerLists& lists);

}  // namespace sketchscope::text
