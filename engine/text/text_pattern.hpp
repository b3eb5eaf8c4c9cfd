#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sketchscope::text {

/// A compiled regular expression of PCRE2 over UTF-8, whose classes (\s, \d, \p{L}…) are those of
/// Unicode 16. Matching is bounded, since a pattern from a file may be meant to never end.
class TextPattern {
 public:
  /// Throws UnsupportedTokenizer (tokenizer_parts.hpp) naming `origin` where the pattern does not
  /// compile.
  TextPattern(const std::string& pattern, std::string origin);
  TextPattern(TextPattern&&) noexcept;
  TextPattern& operator=(TextPattern&&) noexcept;
  ~TextPattern();

  /// Calls `use` with begin and end of each match in `text`, which must be UTF-8, from left to
  /// right; a match may be empty, except where the one before ends. Throws Error where matching
  /// takes too many steps.
  void for_each_match(std::string_view text,
                      const std::function<void(std::size_t, std::size_t)>& use) const;

 private:
  struct Code;
  std::unique_ptr<const Code> code_;
};

}  // namespace sketchscope::text
