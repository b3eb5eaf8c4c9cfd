#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/text/text_pattern.hpp"

namespace sketchscope::text {

/// A vocabulary entry that the encoder finds verbatim in a text, so that the pre-tokenizer never
/// cuts it. The flags have the names and meanings of "added_tokens" in tokenizer.json.
struct AddedToken {
  std::string text;
  int id = 0;
  bool special = false;      ///< it marks structure, such as the start of a text
  bool single_word = false;  ///< it is found only where no word character touches it
  bool lstrip = false;       ///< it takes the white space before it
  bool rstrip = false;       ///< it takes the white space after it
  bool normalized = false;   ///< it is looked for in the normalized text
};

/// Finds the occurrences of a list of added tokens in texts, from left to right. Where several
/// tokens begin at one byte, it takes the longest.
class AddedTokenFinder {
 public:
  /// Tokens with an empty text are never found.
  explicit AddedTokenFinder(std::vector<AddedToken> tokens);

  /// Calls `on_token` with each token that is found and `on_text` with each part between two of
  /// them and the byte at which that part begins, in the order of the text.
  void split(std::string_view text, const std::function<void(const AddedToken&)>& on_token,
             const std::function<void(std::string_view, std::size_t)>& on_text) const;

 private:
  /// Returns the longest token that `text`, which is not empty, begins with; null if there is none.
  [[nodiscard]] const AddedToken* token_at_start(std::string_view text) const;
  /// Returns whether a word character stands right before or after bytes [begin, end) of a text.
  [[nodiscard]] bool touches_word(std::string_view text, std::size_t begin, std::size_t end) const;

  std::vector<AddedToken> tokens_;
  /// The indices of the tokens that begin with each byte. The longest token comes first, so that
  /// the first one that fits is the longest that does.
  std::array<std::vector<std::size_t>, 256> by_first_byte_;
  TextPattern word_;   // one word character
  TextPattern white_;  // one character of white space
};

}  // namespace sketchscope::text
