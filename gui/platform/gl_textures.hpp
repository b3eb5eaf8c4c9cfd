#pragma once

#include <map>
#include <string>

#include "gui/plot/imgui_canvas.hpp"

namespace sketchscope {

/// A texture store in OpenGL. Requires the context that was current at its construction.
class GlTextures final : public TextureStore {
 public:
  GlTextures() = default;
  ~GlTextures() override;
  GlTextures(const GlTextures&) = delete;
  GlTextures& operator=(const GlTextures&) = delete;

  std::uintptr_t upload(std::string_view key, const Image& image) override;

 private:
  struct Texture {
    unsigned int name = 0;
    int width = 0;
    int height = 0;
  };

  std::map<std::string, Texture, std::less<>> textures_;
};

}  // namespace sketchscope
