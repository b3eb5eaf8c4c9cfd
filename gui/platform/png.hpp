#pragma once

#include <filesystem>
#include <string_view>

#include "gui/plot/canvas.hpp"

namespace sketchscope {

/// Writes a temporary file and renames it to `path`, so that no partial picture remains.
/// `description` (UTF-8) is embedded under the keyword "Description". Throws Error.
void write_png(const std::filesystem::path& path, const Image& image,
               std::string_view description = {});

/// Reads a picture. Throws Error if it is missing or invalid.
Image read_png(const std::filesystem::path& path);

}  // namespace sketchscope
