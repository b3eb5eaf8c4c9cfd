#pragma once

#include <string>
#include <string_view>

namespace sketchscope::text {

/// Returns the members of \w in Unicode (UTS 18, annex C), as Rust has them, for use inside a class
/// of PCRE2, whose own \w lacks marks.
std::string word_characters();

/// Rewrites a pattern of Oniguruma, which Hugging Face's tokenizers use, for PCRE2, where some
/// escapes, properties, classes, options and quantifiers mean another thing. Throws
/// UnsupportedTokenizer (tokenizer_parts.hpp) naming `origin` where a part has no counterpart.
std::string pcre2_from_oniguruma(std::string_view pattern, const std::string& origin);

/// Returns a pattern that matches `text` and nothing else.
std::string literal_pattern(std::string_view text);

}  // namespace sketchscope::text
