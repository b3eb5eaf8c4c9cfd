#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope::core {

/// Joins words as "a, b, c".
std::string join(const std::vector<std::string_view>& words, std::string_view separator = ", ");

/// Returns the known words closest to a mistaken one, at most `count`, best first.
std::vector<std::string_view> nearest(std::string_view word, std::vector<std::string_view> known,
                                      std::size_t count = 3);

/// Returns the shortest decimal text that parses to the same number.
std::string number_text(double value);
/// Formats a float with the fewest digits that read back as it, fewer than its double would take.
std::string float_text(float value);

/// Parses the whole of `text` as a number; returns nullopt if it is anything else.
template <typename Number>
std::optional<Number> parse_number(std::string_view text);

/// Escapes text for the content of an XML element or attribute; control characters, U+FFFE and
/// U+FFFF, which XML cannot hold, become spaces.
std::string xml_escaped(std::string_view text);

/// Formats a number of bytes, 1536 as "1.50 KiB".
std::string bytes_text(std::size_t bytes);

}  // namespace sketchscope::core
