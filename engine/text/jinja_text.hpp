#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope::text {

/// Returns the length of the white character that `text` begins with, as Python's str.isspace()
/// knows it; 0 if it begins with none.
std::size_t white_length(std::string_view text);

/// The ends of a text that something is taken from.
enum class TextEnds { both, left, right };

/// Returns `text` without the white characters at its ends.
std::string_view without_white_ends(std::string_view text, TextEnds ends = TextEnds::both);

/// Returns `text` without the characters at its ends that are among those of `members`.
std::string_view without_ends(std::string_view text, std::string_view members, TextEnds ends);

/// Returns the UTF-8 characters of a text, and each byte that belongs to none.
std::vector<std::string_view> characters_of(std::string_view text);

}  // namespace sketchscope::text
