#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace sketchscope {

/// Cuts text into GPT-2's pre-tokens (contractions, words, numbers, other marks, white space),
/// which merges never cross. Bytes that are not UTF-8 are cut out first, each run of them as a
/// pre-token of its own; what lies between is cut as if it stood alone.
class PreTokenizer {
 public:
  PreTokenizer();
  PreTokenizer(PreTokenizer&&) noexcept;
  PreTokenizer& operator=(PreTokenizer&&) noexcept;
  ~PreTokenizer();

  /// Calls `use` with each pre-token in order; joined they are `text`.
  void split(std::string_view text, const std::function<void(std::string_view)>& use) const;

 private:
  struct Pattern;
  std::unique_ptr<const Pattern> pattern_;
};

/// Length of the UTF-8 character that `text` begins with (Unicode 15, table 3-7); 0 if its first
/// bytes are none.
std::size_t utf8_character_length(std::string_view text);

}  // namespace sketchscope
