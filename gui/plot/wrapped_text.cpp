#include "gui/plot/wrapped_text.hpp"

#include <sstream>

namespace sketchscope::plot {

std::vector<std::string> wrapped_lines(const Canvas& canvas, std::string_view text,
                                       const TextStyle& style, float width) {
  std::vector<std::string> lines;
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    std::string rest;
    if (word.ends_with("“") && words >> rest) word += " " + rest;
    const std::string longer = lines.empty() ? word : lines.back() + " " + word;
    if (lines.empty() || canvas.measure(longer, style).width > width) {
      lines.push_back(word);
    } else {
      lines.back() = longer;
    }
  }
  return lines;
}

}  // namespace sketchscope::plot
