#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sketchscope::cli {

/// The columns that a terminal has at least.
inline constexpr std::size_t kTerminalWidth = 80;

/// Returns how many columns a text of UTF-8 takes, a character each.
std::size_t columns_of(std::string_view text);

/// Breaks a text at spaces, so that no line but a single longer word ends beyond `width` columns.
/// Lines after the first begin with `indent` spaces; the first one goes on at column `start`.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t start,
                    std::size_t width = kTerminalWidth);

}  // namespace sketchscope::cli
