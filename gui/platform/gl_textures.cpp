#include "gui/platform/gl_textures.hpp"

#include "gui/platform/gl.hpp"

namespace sketchscope {

static_assert(sizeof(Color) == 4, "colours are uploaded as RGBA8");

GlTextures::~GlTextures() {
  for (const auto& [key, texture] : textures_) glDeleteTextures(1, &texture.name);
}

std::uintptr_t GlTextures::upload(std::string_view key, const Image& image) {
  auto found = textures_.find(key);
  if (found == textures_.end()) found = textures_.emplace(key, Texture{}).first;
  Texture& texture = found->second;

  if (texture.name == 0) glGenTextures(1, &texture.name);
  glBindTexture(GL_TEXTURE_2D, texture.name);
  if (texture.width != image.width || texture.height != image.height) {
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, image.width, image.height, 0, GL_RGBA,
                 GL_UNSIGNED_BYTE, image.pixels.data());
    texture.width = image.width;
    texture.height = image.height;
  } else {
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, image.width, image.height, GL_RGBA, GL_UNSIGNED_BYTE,
                    image.pixels.data());
  }
  return texture.name;
}

}  // namespace sketchscope
