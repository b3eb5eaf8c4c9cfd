#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sketchscope::text {

/// Returns the length of the UTF-8 character that `text` begins with (Unicode 15, table 3-7); 0 if
/// it begins with none.
std::size_t utf8_character_length(std::string_view text);

/// Returns the length of the longest prefix of `text` that is UTF-8, or that holds none, as `valid`
/// says.
std::size_t utf8_run_length(std::string_view text, bool valid);

/// Returns the code point that `text` begins with, which must be a UTF-8 character.
char32_t utf8_code_point(std::string_view text);

/// Returns a code point in UTF-8; it must be none of the surrogates and below 0x110000.
std::string utf8_text(char32_t code_point);

/// Returns the number of bytes at the end of `text` that begin a UTF-8 character without ending it.
std::size_t utf8_unfinished_length(std::string_view text);

/// Returns `bytes` with each maximal part that is no UTF-8 replaced by U+FFFD (Unicode 15, 3.9,
/// "substitution of maximal subparts").
std::string utf8_replacing_invalid(std::string_view bytes);

}  // namespace sketchscope::text
