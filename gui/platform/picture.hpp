#pragma once

#include <filesystem>
#include <string_view>

#include "gui/plot/canvas.hpp"

namespace sketchscope::platform {

/// Writes a temporary file and renames it to `path`, so that no partial picture remains.
/// `description` (UTF-8) is embedded under the keyword "Description". Throws Error.
void write_png(const std::filesystem::path& path, const plot::Image& image,
               std::string_view description = {});

/// Reads a picture. Throws Error if it is missing or invalid.
plot::Image read_png(const std::filesystem::path& path);

/// The tolerance of picture comparison, which covers rounding differences between rasterisers.
struct PictureTolerance {
  int rounding = 2;            ///< tolerated difference of any channel, of 255
  double share_beyond = 1e-3;  ///< share of pixels that may exceed it
  int most = 32;               ///< largest tolerated difference of any channel
};

/// The measured difference of two pictures.
struct PictureDistance {
  bool same_size = true;
  double share_beyond = 0;
  int most = 0;

  [[nodiscard]] bool within(const PictureTolerance& tolerance) const {
    return same_size && share_beyond <= tolerance.share_beyond && most <= tolerance.most;
  }
};

/// Compares two pictures pixel by pixel; pictures of different sizes are told apart by that alone.
PictureDistance picture_distance(const plot::Image& expected, const plot::Image& made);

/// Returns the expected picture, the actual one and their amplified difference side by side.
plot::Image side_by_side(const plot::Image& expected, const plot::Image& made);

/// Returns the part of `picture` inside `area`.
plot::Image cropped(const plot::Image& picture, const plot::Rect& area);

}  // namespace sketchscope::platform
