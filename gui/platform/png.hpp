#pragma once

#include <filesystem>

#include "gui/plot/canvas.hpp"

namespace sketchscope {

/// Writes beside `path` and renames, so that no half picture is left. Throws Error.
void write_png(const std::filesystem::path& path, const Image& image);

}  // namespace sketchscope
