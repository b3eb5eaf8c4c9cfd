#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gui/plot/canvas.hpp"

namespace sketchscope::plot {

/// Returns the text in lines that are no wider than `width`, but for words that are wider. A line
/// never ends with an opening quote: the text of a token often begins with a blank.
std::vector<std::string> wrapped_lines(const Canvas& canvas, std::string_view text,
                                       const TextStyle& style, float width);

}  // namespace sketchscope::plot
