#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/text/text_pattern.hpp"

namespace sketchscope::text {

/// A token that is found in a text before all else, whole.
struct AddedToken {
  std::string text;
  int id = 0;
  bool special = false;      ///< a mark such as a start of text, no text by itself
  bool single_word = false;  ///< only where no letter or digit touches it
  bool lstrip = false;       ///< takes the white space before it
  bool rstrip = false;       ///< takes the white space after it
  bool normalized = false;   ///< looked for in the normalized text
};

/// Finds some tokens in texts, from left to right, the longest one where several begin together.
class AddedTokenFinder {
 public:
  /// Keeps the tokens in their order; those with an empty text are never found.
  explicit AddedTokenFinder(std::vector<AddedToken> tokens);

  /// Calls `on_token` and `on_text` with the tokens and what lies between them, in order; the
  /// second with the place at which the part begins.
  void split(std::string_view text, const std::function<void(const AddedToken&)>& on_token,
             const std::function<void(std::string_view, std::size_t)>& on_text) const;

 private:
  [[nodiscard]] const AddedToken* at(std::string_view text) const;
  [[nodiscard]] bool touches_word(std::string_view text, std::size_t begin, std::size_t end) const;

  std::vector<AddedToken> tokens_;
  std::array<std::vector<std::size_t>, 256> by_first_byte_;  ///< longest first
  TextPattern word_;
  TextPattern white_;
};

}  // namespace sketchscope::text
