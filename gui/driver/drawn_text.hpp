#pragma once

#include <string>

namespace sketchscope {

/// What stands between the <text> elements' tags of an SVG document, a line each: the texts that a
/// figure draws.
std::string svg_texts(const std::string& svg);

}  // namespace sketchscope
