#pragma once

#include <filesystem>
#include <string_view>

#include "gui/plot/canvas.hpp"

namespace sketchscope {

/// Writes beside `path` and renames, so that no half picture is left. `description` (UTF-8) is kept
/// in it under the keyword "Description". Throws Error.
void write_png(const std::filesystem::path& path, const Image& image,
               std::string_view description = {});

/// Throws Error where there is no such picture.
Image read_png(const std::filesystem::path& path);

}  // namespace sketchscope
