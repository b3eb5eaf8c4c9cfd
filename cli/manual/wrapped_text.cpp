#include "cli/manual/wrapped_text.hpp"

#include <algorithm>

namespace sketchscope::cli {

std::size_t columns_of(std::string_view text) {
  // Counts every byte that is not a UTF-8 continuation byte.
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t start,
                    std::size_t width) {
  std::string lines;
  std::size_t column = start;
  bool begins_line = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string_view word = text.substr(at, end - at);
    const std::size_t needed = columns_of(word) + (begins_line ? 0 : 1);
    if (!begins_line && column + needed > width) {
      lines += '\n' + std::string(indent, ' ');
      column = indent;
      begins_line = true;
    }
    if (!word.empty()) {
      if (!begins_line) lines += ' ';
      lines += word;
      column += columns_of(word) + (begins_line ? 0 : 1);
      begins_line = false;
    }
    at = end + 1;
  }
  return lines;
}

}  // namespace sketchscope::cli
