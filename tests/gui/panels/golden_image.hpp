#pragma once

#include <imgui.h>
#include <stb_image.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "engine/core/files.hpp"
#include "gui/app/font_files.hpp"
#include "gui/platform/png.hpp"
#include "gui/plot/color_map.hpp"

namespace sketchscope::test {

/// How far a picture may be from the golden one: what another rasteriser rounds otherwise, no more.
struct PictureTolerance {
  int rounding = 2;            ///< of a channel of 255, anywhere
  double share_beyond = 1e-3;  ///< of the pixels that may be off by more than that
  int most = 32;               ///< that no channel of any pixel may be off by
};

struct PictureDistance {
  bool same_size = true;
  double share_beyond = 0;
  int most = 0;

  [[nodiscard]] bool within(const PictureTolerance& tolerance) const {
    return same_size && share_beyond <= tolerance.share_beyond && most <= tolerance.most;
  }
};

inline int channel_distance(Color a, Color b) {
  const auto apart = [](int x, int y) { return std::abs(x - y); };
  return std::max({apart(a.red, b.red), apart(a.green, b.green), apart(a.blue, b.blue)});
}

inline PictureDistance distance(const Image& golden, const Image& made,
                                const PictureTolerance& tolerance = {}) {
  if (golden.width != made.width || golden.height != made.height) return {.same_size = false};
  PictureDistance distance;
  std::size_t beyond = 0;
  for (std::size_t pixel = 0; pixel < golden.pixels.size(); ++pixel) {
    const int apart = channel_distance(golden.pixels[pixel], made.pixels[pixel]);
    distance.most = std::max(distance.most, apart);
    if (apart > tolerance.rounding) ++beyond;
  }
  distance.share_beyond = static_cast<double>(beyond) /
                          static_cast<double>(std::max<std::size_t>(golden.pixels.size(), 1));
  return distance;
}

inline Image read_png(const std::filesystem::path& path) {
  int width = 0;
  int height = 0;
  int channels = 0;
  const std::unique_ptr<stbi_uc, void (*)(void*)> bytes(
      stbi_load(path.c_str(), &width, &height, &channels, 4), stbi_image_free);
  Image image{.width = bytes ? width : 0, .height = bytes ? height : 0, .pixels = {}};
  for (int pixel = 0; pixel < image.width * image.height; ++pixel) {
    const stbi_uc* rgba = bytes.get() + std::ptrdiff_t{4} * pixel;
    image.pixels.push_back(Color{rgba[0], rgba[1], rgba[2], rgba[3]});
  }
  return image;
}

/// Golden, made, and what differs, brightened, beside each other.
inline Image side_by_side(const Image& golden, const Image& made) {
  constexpr int kBrighter = 8;
  Image all{.width = golden.width + 2 * made.width,
            .height = std::max(golden.height, made.height),
            .pixels = {}};
  all.pixels.resize(static_cast<std::size_t>(all.width) * static_cast<std::size_t>(all.height));
  const auto at = [](const Image& image, int x, int y) {
    const bool inside = x < image.width && y < image.height;
    return inside ? image.pixels[static_cast<std::size_t>(y * image.width + x)] : Color{};
  };
  for (int y = 0; y < all.height; ++y) {
    for (int x = 0; x < all.width; ++x) {
      const int right = x - golden.width;
      Color color = right < 0 ? at(golden, x, y) : at(made, right, y);
      if (right >= made.width) {
        const int apart =
            channel_distance(at(golden, right - made.width, y), at(made, right - made.width, y));
        const auto grey = static_cast<std::uint8_t>(std::min(255, apart * kBrighter));
        color = Color{grey, grey, grey, 255};
      }
      all.pixels[static_cast<std::size_t>(y * all.width + x)] = color;
    }
  }
  return all;
}

/// What letters look like depends on: with another version of either, pictures are others.
inline std::string golden_key() {
  std::string key = std::string("imgui ") + IMGUI_VERSION;
  for (const auto& [family, weight, generic] :
       {std::tuple{"Inter", 80, "sans-serif"}, std::tuple{"Inter", 180, "sans-serif"},
        std::tuple{"JetBrains Mono", 80, "monospace"}}) {
    // FNV-1a
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char byte : read_file(find_font(family, weight, generic).path)) {
      hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3ULL;
    }
    key += "\n" + std::string(family) + " " + std::to_string(weight) + " " + std::to_string(hash);
  }
  return key + "\n";
}

}  // namespace sketchscope::test
