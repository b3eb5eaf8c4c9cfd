#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope {

/// "a, b, c".
std::string join(const std::vector<std::string_view>& words, std::string_view separator = ", ");

/// Insertions, deletions and substitutions that turn one word into the other (Levenshtein, 1966).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The known words closest to a mistaken one, best first; at most `count`.
std::vector<std::string_view> nearest(std::string_view word, std::vector<std::string_view> known,
                                      std::size_t count = 3);

/// The shortest decimal text that reads back as the same number.
std::string number_text(double value);

/// The whole of `text` as a number; empty if it is anything else.
template <typename Number>
std::optional<Number> parse_number(std::string_view text);

/// As the content of an XML element or attribute; control characters that XML cannot hold are
/// spaces.
std::string xml_escaped(std::string_view text);

/// 1536 as "1.50 KiB".
std::string bytes_text(std::size_t bytes);

}  // namespace sketchscope
