#pragma once

#include <cstdint>
#include <string_view>

#include "gui/plot/canvas.hpp"

namespace sketchscope {

/// Stores the pictures of plots as textures.
class TextureStore {
 public:
  virtual ~TextureStore() = default;

  /// Uploads `image` under `key`, replacing the former one, without interpolation. Returns ImGui's
  /// texture handle, which stays valid until a picture of another size replaces it.
  virtual std::uintptr_t upload(std::string_view key, const Image& image) = 0;
};

}  // namespace sketchscope
