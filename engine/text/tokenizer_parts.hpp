#pragma once

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

/// The error of a tokenizer that is whole but of a kind that cannot be followed; its model can
/// still be used with token ids.
class UnsupportedTokenizer final : public core::Error {
 public:
  /// `option` as its file names it, and the values that are supported.
  UnsupportedTokenizer(const std::string& option, const std::string& source,
                       const std::string& found, const std::string& expected)
      : core::Error(
            core::Problem{.what = "option " + option + " of " + source + " is not supported",
                          .found = found,
                          .expected = expected,
                          .remedy = "give token ids with --tokens"}) {}
};

/// Everything that the files of a tokenizer say, whatever their format.
struct TokenizerParts {
  std::string source;  ///< the file read, for messages
  Vocabulary vocabulary;
  std::vector<EntryMerge> merges;  ///< lowest rank first
  BytePairOptions options;
  std::vector<AddedToken> added_tokens;
  std::vector<AddedToken> normalized_symbols;  ///< found in the normalized text as they stand
  std::vector<NormalizerStep> normalizer;
  std::vector<PreTokenStep> pre_tokenizer;
  std::vector<DecoderStep> decoder;
  std::vector<int> before_text;  ///< special tokens that the files put before every text
  std::vector<int> after_text;   ///< and after it
  std::optional<int> start_token;
  std::optional<int> end_token;  ///< the one that the tokenizer's own files name
  std::vector<int> end_tokens;   ///< all that end a text
  std::string chat_template;     ///< in Jinja, as the files give it

  /// Returns the id of an added token or an entry.
  [[nodiscard]] std::optional<int> find(std::string_view text) const {
    for (const auto& token : added_tokens) {
      if (token.text == text) return token.id;
    }
    return vocabulary.find(text);
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
