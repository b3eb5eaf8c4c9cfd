#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sketchscope {

/// Bytes as text that a font can draw: a newline as ⏎, other control characters, bytes that are no
/// whole UTF-8 character and characters above U+FFFF as escapes (`\x09`, `\xE2`, `\u{1F600}`).
std::string shown_text(std::string_view bytes);

/// What tokens look like on screen, remembered by id.
class TokenText {
 public:
  /// `bytes_of` gives a token's bytes; empty where there is no tokenizer: ids stand for texts then.
  explicit TokenText(std::function<std::string_view(int)> bytes_of = {});

  /// Drawable, its leading space included; "#1234" without text.
  const std::string& of(int token) const;
  /// False where ids stand for texts.
  [[nodiscard]] bool knows_words() const { return bytes_of_ != nullptr; }
  /// A leading space as a dot, for columns: "·brass".
  [[nodiscard]] std::string dotted(int token) const;
  /// In quotes, so that spaces show: “ brass”.
  [[nodiscard]] std::string quoted(int token) const;

 private:
  std::function<std::string_view(int)> bytes_of_;
  mutable std::unordered_map<int, std::string> shown_;
};

}  // namespace sketchscope
