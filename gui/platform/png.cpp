#include "gui/platform/png.hpp"

#include <stb_image.h>
#include <stb_image_write.h>

#include <cstdint>
#include <memory>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope {
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
  constexpr std::size_t kName = 4;
  return big_endian(static_cast<std::uint32_t>(chunk.size() - kName)) + chunk +
         big_endian(checksum(chunk));
}

}  // namespace

void write_png(const std::filesystem::path& path, const Image& image,
               std::string_view description) {
  std::string bytes;
  const auto append = [](void* context, void* data, int size) {
    static_cast<std::string*>(context)->append(static_cast<const char*>(data),
                                               static_cast<std::size_t>(size));
  };
  if (stbi_write_png_to_func(append, &bytes, image.width, image.height, kChannels,
                             image.pixels.data(), image.width * kChannels) == 0) {
    throw Error({.what = "PNG of " + path.string(),
                 .found = std::to_string(image.width) + " × " + std::to_string(image.height),
                 .expected = "a picture with at least one pixel"});
  }
  constexpr std::size_t kHeader = 8 + 25;  // signature and IHDR
  if (!description.empty()) bytes.insert(kHeader, text_chunk(description));
  write_file(path, bytes);
}

Image read_png(const std::filesystem::path& path) {
  Image image;
  int channels = 0;
  const std::unique_ptr<stbi_uc, void (*)(void*)> bytes(
      stbi_load(path.c_str(), &image.width, &image.height, &channels, kChannels), stbi_image_free);
  if (!bytes) {
    throw Error({.what = path.string(), .found = stbi_failure_reason(), .expected = "a PNG"});
  }
  const auto pixels =
      static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    const stbi_uc* rgba = bytes.get() + kChannels * pixel;
    image.pixels.push_back({rgba[0], rgba[1], rgba[2], rgba[3]});
  }
  return image;
}

}  // namespace sketchscope
