#include "gui/driver/drawn_text.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace sketchscope {
namespace {

std::string unescaped(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kNames = {
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string plain;
  while (!text.empty()) {
    std::size_t taken = 1;
    char letter = text.front();
    for (const auto& [name, meant] : kNames) {
      if (!text.starts_with(name)) continue;
      letter = meant;
      taken = name.size();
    }
    plain += letter;
    text.remove_prefix(taken);
  }
  return plain;
}

}  // namespace

std::string svg_texts(const std::string& svg) {
  constexpr std::string_view kEnd = "</text>";
  std::string texts;
  for (std::size_t at = svg.find("<text"); at != std::string::npos; at = svg.find("<text", at)) {
    const std::size_t begin = svg.find('>', at) + 1;
    const std::size_t end = svg.find(kEnd, begin);
    if (begin == 0 || end == std::string::npos) break;
    texts += unescaped(std::string_view(svg).substr(begin, end - begin)) + "\n";
    at = end + kEnd.size();
  }
  return texts;
}

}  // namespace sketchscope
