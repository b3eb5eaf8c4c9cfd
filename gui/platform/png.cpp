#include "gui/platform/png.hpp"

#include <stb_image_write.h>

#include <string>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope {

void write_png(const std::filesystem::path& path, const Image& image) {
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
  write_file(path, bytes);
}

}  // namespace sketchscope
