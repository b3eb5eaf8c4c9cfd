#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/record/step_record.hpp"

namespace sketchscope::view {

/// Returns bytes as text that a font can draw: a newline as ⏎, other control characters, invalid
/// UTF-8 and characters above U+FFFF as escapes (`\x09`, `\xE2`, `\u{1F600}`).
std::string shown_text(std::string_view bytes);

/// The display texts of tokens, cached by id.
class TokenText {
 public:
  /// `bytes_of` returns a token's bytes. Without a tokenizer it is empty, and ids replace texts.
  explicit TokenText(std::function<std::string_view(int)> bytes_of = {});

  /// Returns the drawable text with its leading space; "#1234" without a tokenizer.
  const std::string& of(int token) const;
  /// Returns whether tokens have texts rather than ids.
  [[nodiscard]] bool knows_words() const { return bytes_of_ != nullptr; }
  /// Returns the text with a dot for a leading space: "·brass".
  [[nodiscard]] std::string dotted(int token) const;
  /// Returns the text in quotes, which show spaces: “ brass”.
  [[nodiscard]] std::string quoted(int token) const;

 private:
  std::function<std::string_view(int)> bytes_of_;
  mutable std::unordered_map<int, std::string> shown_;
};

/// A likely next token and its probabilities under lane and twin.
struct NextTokenBar {
  std::string text;
  double lane = 0;
  double twin = 0;     ///< kMissing without a twin
  bool drawn = false;  ///< the token that is fed next
};

/// Returns at most `count` tokens, most likely first. `next_token` is the drawn one, or −1 if
/// unknown.
std::vector<NextTokenBar> next_token_bars(const record::StepRecord& record, int next_token,
                                          std::size_t count, const TokenText& text);

}  // namespace sketchscope::view
