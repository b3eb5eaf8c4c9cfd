#include "gui/driver/picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace sketchscope {
namespace {

int channel_distance(Color a, Color b) {
  const auto apart = [](int x, int y) { return std::abs(x - y); };
  return std::max({apart(a.red, b.red), apart(a.green, b.green), apart(a.blue, b.blue)});
}

}  // namespace

PictureDistance picture_distance(const Image& expected, const Image& made,
                                 const PictureTolerance& tolerance) {
  if (expected.width != made.width || expected.height != made.height) return {.same_size = false};
  PictureDistance distance;
  std::size_t beyond = 0;
  for (std::size_t pixel = 0; pixel < expected.pixels.size(); ++pixel) {
    const int apart = channel_distance(expected.pixels[pixel], made.pixels[pixel]);
    distance.most = std::max(distance.most, apart);
    if (apart > tolerance.rounding) ++beyond;
  }
  distance.share_beyond = static_cast<double>(beyond) /
                          static_cast<double>(std::max<std::size_t>(expected.pixels.size(), 1));
  return distance;
}

Image side_by_side(const Image& expected, const Image& made) {
  constexpr int kBrighter = 8;
  Image all{.width = expected.width + 2 * made.width,
            .height = std::max(expected.height, made.height),
            .pixels = {}};
  all.pixels.resize(static_cast<std::size_t>(all.width) * static_cast<std::size_t>(all.height));
  const auto at = [](const Image& image, int x, int y) {
    const bool inside = x < image.width && y < image.height;
    return inside ? image.pixels[static_cast<std::size_t>(y * image.width + x)] : Color{};
  };
  for (int y = 0; y < all.height; ++y) {
    for (int x = 0; x < all.width; ++x) {
      const int right = x - expected.width;
      Color color = right < 0 ? at(expected, x, y) : at(made, right, y);
      if (right >= made.width) {
        const int apart =
            channel_distance(at(expected, right - made.width, y), at(made, right - made.width, y));
        const auto grey = static_cast<std::uint8_t>(std::min(255, apart * kBrighter));
        color = Color{grey, grey, grey, 255};
      }
      all.pixels[static_cast<std::size_t>(y * all.width + x)] = color;
    }
  }
  return all;
}

Image cropped(const Image& picture, const Rect& area) {
  const auto inside = [](float at, int size) {
    return std::clamp(static_cast<int>(std::lround(at)), 0, size);
  };
  const int left = inside(area.left, picture.width);
  const int right = inside(area.right, picture.width);
  Image part{.width = right - left, .height = 0, .pixels = {}};
  for (int y = inside(area.top, picture.height); y < inside(area.bottom, picture.height); ++y) {
    const auto row = picture.pixels.begin() + std::ptrdiff_t{y} * picture.width;
    part.pixels.insert(part.pixels.end(), row + left, row + right);
    ++part.height;
  }
  return part;
}

}  // namespace sketchscope
