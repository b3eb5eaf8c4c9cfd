#include "gui/platform/picture.hpp"

#include <stb_image.h>
#include <stb_image_write.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope::platform {
namespace {

constexpr int kChannels = 4;

/// The CRC-32 of a chunk (PNG specification, appendix D).
std::uint32_t checksum(std::string_view bytes) {
  constexpr std::uint32_t kPolynomial = 0xEDB88320U;
  std::uint32_t crc = ~0U;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? kPolynomial : 0U);
  }
  return ~crc;
}

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}

/// Returns the contents of an iTXt chunk, uncompressed, without language or translated keyword.
std::string text_chunk(std::string_view text) {
  std::string chunk = "iTXtDescription";
  chunk.append(5, '\0');
  chunk += text;
  constexpr std::size_t kName = 4;  // The length of a chunk leaves out its name.
  return big_endian(static_cast<std::uint32_t>(chunk.size() - kName)) + chunk +
         big_endian(checksum(chunk));
}

int channel_distance(plot::Color a, plot::Color b) {
  const auto apart = [](int x, int y) { return std::abs(x - y); };
  return std::max({apart(a.red, b.red), apart(a.green, b.green), apart(a.blue, b.blue)});
}

}  // namespace

void write_png(const std::filesystem::path& path, const plot::Image& image,
               std::string_view description) {
  std::string bytes;
  const auto append = [](void* context, void* data, int size) {
    static_cast<std::string*>(context)->append(static_cast<const char*>(data),
                                               static_cast<std::size_t>(size));
  };
  if (stbi_write_png_to_func(append, &bytes, image.width, image.height, kChannels,
                             image.pixels.data(), image.width * kChannels) == 0) {
    throw core::Error({.what = "PNG of " + path.string(),
                       .found = std::to_string(image.width) + " × " + std::to_string(image.height),
                       .expected = "a picture with at least one pixel"});
  }
  constexpr std::size_t kHeader = 8 + 25;  // signature and IHDR
  if (!description.empty()) bytes.insert(kHeader, text_chunk(description));
  core::write_file(path, bytes);
}

plot::Image read_png(const std::filesystem::path& path) {
  plot::Image image;
  int channels = 0;
  const std::unique_ptr<stbi_uc, void (*)(void*)> bytes(
      stbi_load(path.c_str(), &image.width, &image.height, &channels, kChannels), stbi_image_free);
  if (!bytes) {
    throw core::Error({.what = path.string(), .found = stbi_failure_reason(), .expected = "a PNG"});
  }
  const auto pixels =
      static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    const stbi_uc* rgba = bytes.get() + kChannels * pixel;
    image.pixels.push_back({rgba[0], rgba[1], rgba[2], rgba[3]});
  }
  return image;
}

PictureDistance picture_distance(const plot::Image& expected, const plot::Image& made) {
  if (expected.width != made.width || expected.height != made.height) return {.same_size = false};
  PictureDistance distance;
  std::size_t beyond = 0;
  for (std::size_t pixel = 0; pixel < expected.pixels.size(); ++pixel) {
    const int apart = channel_distance(expected.pixels[pixel], made.pixels[pixel]);
    distance.most = std::max(distance.most, apart);
    if (apart > PictureTolerance().rounding) ++beyond;
  }
  distance.share_beyond = static_cast<double>(beyond) /
                          static_cast<double>(std::max<std::size_t>(expected.pixels.size(), 1));
  return distance;
}

plot::Image side_by_side(const plot::Image& expected, const plot::Image& made) {
  constexpr int kBrighter = 8;  // the factor that makes small differences visible
  plot::Image all{.width = expected.width + 2 * made.width,
                  .height = std::max(expected.height, made.height),
                  .pixels = {}};
  all.pixels.resize(static_cast<std::size_t>(all.width) * static_cast<std::size_t>(all.height));
  const auto at = [](const plot::Image& image, int x, int y) {
    const bool inside = x < image.width && y < image.height;
    return inside ? image.pixels[static_cast<std::size_t>(y * image.width + x)] : plot::Color{};
  };
  for (int y = 0; y < all.height; ++y) {
    for (int x = 0; x < all.width; ++x) {
      const int right = x - expected.width;
      plot::Color color = right < 0 ? at(expected, x, y) : at(made, right, y);
      if (right >= made.width) {
        const int apart =
            channel_distance(at(expected, right - made.width, y), at(made, right - made.width, y));
        const auto grey = static_cast<std::uint8_t>(std::min(255, apart * kBrighter));
        color = plot::Color{grey, grey, grey, 255};
      }
      all.pixels[static_cast<std::size_t>(y * all.width + x)] = color;
    }
  }
  return all;
}

plot::Image cropped(const plot::Image& picture, const plot::Rect& area) {
  const auto inside = [](float at, int size) {
    return std::clamp(static_cast<int>(std::lround(at)), 0, size);
  };
  const int left = inside(area.left, picture.width);
  const int right = inside(area.right, picture.width);
  plot::Image part{.width = right - left, .height = 0, .pixels = {}};
  for (int y = inside(area.top, picture.height); y < inside(area.bottom, picture.height); ++y) {
    const auto row = picture.pixels.begin() + std::ptrdiff_t{y} * picture.width;
    part.pixels.insert(part.pixels.end(), row + left, row + right);
    ++part.height;
  }
  return part;
}

}  // namespace sketchscope::platform
