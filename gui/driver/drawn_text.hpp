#pragma once

#include <string>

namespace sketchscope {

/// Returns the contents of an SVG document's <text> elements, one per line.
std::string svg_texts(const std::string& svg);

}  // namespace sketchscope
