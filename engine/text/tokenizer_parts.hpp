#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/text/added_tokens.hpp"
#include "engine/text/byte_pair_model.hpp"
#include "engine/text/decoder.hpp"
#include "engine/text/normalizer.hpp"
#include "engine/text/pre_token_steps.hpp"
#include "engine/text/vocabulary.hpp"

namespace sketchscope::text {

/// The error for an undamaged tokenizer with a kind or option that the program does not implement.
/// It is an error of its own, since the model can still be used with token ids.
class UnsupportedTokenizer final : public core::Error {
 public:
  /// `option` is named as in its file, which is `source`; `expected` names the supported values.
  UnsupportedTokenizer(const std::string& option, const std::string& source,
                       const std::string& found, const std::string& expected)
      : core::Error(
            core::Problem{.what = "option " + option + " of " + source + " is not supported",
                          .found = found,
                          .expected = expected,
                          .remedy = "give token ids with --tokens"}) {}
};

/// The contents of a tokenizer's files in one form for all formats.
struct TokenizerParts {
  std::string source;  ///< name of the file for messages
  Vocabulary vocabulary;
  std::vector<EntryMerge> merges;  ///< lowest rank first
  BytePairOptions options;
  std::vector<AddedToken> added_tokens;
  std::vector<AddedToken> normalized_symbols;  ///< looked for as they are in the normalized text
  std::vector<NormalizerStep> normalizer;
  std::vector<PreTokenStep> pre_tokenizer;
  std::vector<DecoderStep> decoder;
  std::vector<int> before_text;  ///< special tokens that the files put before every text
  std::vector<int> after_text;   ///< special tokens that the files put after every text
  std::optional<int> start_token;
  std::optional<int> end_token;  ///< the one that the tokenizer's own files name
  std::vector<int> end_tokens;   ///< all that end a text
  std::string chat_template;     ///< the template in Jinja; empty if there is none

  /// Returns the id of an added token or an entry.
  [[nodiscard]] std::optional<int> find(std::string_view text) const {
    for (const auto& token : added_tokens) {
      if (token.text == text) return token.id;
    }
    return vocabulary.find(text);
  }

  /// Returns the id that an added token gets, whichever its file writes: the one it has, else the
  /// number of entries, or one more than the largest of the added tokens where that is as large.
  /// Hugging Face's tokenizers counts so, and its ids are those that a model was trained with.
  [[nodiscard]] int id_of_added(std::string_view text) const {
    if (const auto id = find(text)) return *id;
    int id = vocabulary.count();
    for (const auto& token : added_tokens) id = std::max(id, token.id + 1);
    return id;
  }

  /// Adds a token, or gives the one of the same text these options.
  void add_token(const AddedToken& added) {
    for (auto& token : added_tokens) {
      if (token.text == added.text) {
        token = added;
        return;
      }
    }
    added_tokens.push_back(added);
  }
};

}  // namespace sketchscope::text
