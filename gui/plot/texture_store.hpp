#pragma once

#include <cstdint>
#include <string_view>

#include "gui/plot/canvas.hpp"

namespace sketchscope {

/// Keeps the pictures that plots draw where the graphics card can read them.
class TextureStore {
 public:
  virtual ~TextureStore() = default;

  /// Uploads `image` under `key`, replacing what was there, to be drawn with sharp pixels. The
  /// handle is what ImGui takes as a texture; it stays valid until the key is replaced by a picture
  /// of another size.
  virtual std::uintptr_t upload(std::string_view key, const Image& image) = 0;
};

}  // namespace sketchscope
