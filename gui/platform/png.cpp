#include "gui/platform/png.hpp"

#include <stb_image_write.h>

#include <cstdint>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope {
namespace {

/// CRC-32 of a chunk, as the PNG specification has it in its appendix D.
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

/// International text, uncompressed, without language or translated keyword.
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
  constexpr int kChannels = 4;
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

}  // namespace sketchscope
