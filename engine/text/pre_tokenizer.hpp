#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace sketchscope {

/// Splits text into GPT-2's pre-tokens (contractions, words, numbers, other marks, white space),
/// which merges never cross. Each run of bytes that are not UTF-8 becomes a pre-token first; the
/// text between such runs is split as if it stood alone.
class PreTokenizer {
 public:
  PreTokenizer();
  PreTokenizer(PreTokenizer&&) noexcept;
  PreTokenizer& operator=(PreTokenizer&&) noexcept;
  ~PreTokenizer();

  /// Calls `use` with each pre-token in order; their concatenation is `text`.
  void split(std::string_view text, const std::function<void(std::string_view)>& use) const;

 private:
  struct Pattern;
  std::unique_ptr<const Pattern> pattern_;
};

/// Returns the length of the UTF-8 character that `text` begins with (Unicode 15, table 3-7); 0 if
/// it begins with none.
std::size_t utf8_character_length(std::string_view text);

}  // namespace sketchscope
