#include "engine/text/text_replace.hpp"

namespace sketchscope::text {

std::string replaced_text(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  std::size_t begin = 0;
  while (!from.empty()) {
    const std::size_t found = text.find(from, begin);
    if (found == std::string_view::npos) break;
    result += text.substr(begin, found - begin);
    result += to;
    begin = found + from.size();
  }
  return result += text.substr(begin);
}

}  // namespace sketchscope::text
