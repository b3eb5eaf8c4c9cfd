#pragma once

#include <functional>
#include <string_view>

#include "engine/text/text_pattern.hpp"

namespace sketchscope::text {

/// Returns GPT-2's pattern, which matches every character of a text.
std::string gpt2_pattern();

/// Splits text into GPT-2's pre-tokens (contractions, words, numbers, other marks, white space),
/// which merges never cross. Each run of bytes that are not UTF-8 becomes a pre-token first; the
/// text between such runs is split as if it stood alone.
class PreTokenizer {
 public:
  PreTokenizer();

  /// Calls `use` with each pre-token in order; their concatenation is `text`.
  void split(std::string_view text, const std::function<void(std::string_view)>& use) const;

 private:
  TextPattern pattern_;
};

}  // namespace sketchscope::text
