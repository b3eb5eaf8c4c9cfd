#pragma once

// Declares the functions of OpenGL 3.3, all of which GLVND's libOpenGL exports.
#define GL_GLEXT_PROTOTYPES
#include <GL/gl.h>
#include <GL/glext.h>

#include <map>
#include <string>
#include <vector>

#include "gui/plot/canvas.hpp"
#include "gui/plot/imgui_canvas.hpp"

namespace sketchscope::platform {

/// The one ImGui context of a platform. Writes no settings file into the working directory.
class ImGuiContextOwner {
 public:
  ImGuiContextOwner();
  ~ImGuiContextOwner();
  ImGuiContextOwner(const ImGuiContextOwner&) = delete;
  ImGuiContextOwner& operator=(const ImGuiContextOwner&) = delete;
};

/// ImGui's OpenGL renderer for the current GL context.
class GlRenderer {
 public:
  GlRenderer();
  ~GlRenderer();
  GlRenderer(const GlRenderer&) = delete;
  GlRenderer& operator=(const GlRenderer&) = delete;

  void begin_frame();
  void reload_fonts();
};

/// An offscreen colour buffer, bound as render target during its lifetime.
class GlFramebuffer {
 public:
  explicit GlFramebuffer(plot::Size size);
  ~GlFramebuffer();
  GlFramebuffer(const GlFramebuffer&) = delete;
  GlFramebuffer& operator=(const GlFramebuffer&) = delete;

  void resize(plot::Size size);

 private:
  GLuint framebuffer_ = 0;
  GLuint colors_ = 0;
};

/// A texture store in OpenGL. Requires the context that was current at its construction.
class GlTextures final : public plot::TextureStore {
 public:
  GlTextures() = default;
  ~GlTextures() override;
  GlTextures(const GlTextures&) = delete;
  GlTextures& operator=(const GlTextures&) = delete;

  std::uintptr_t upload(std::string_view key, const plot::Image& image) override;

 private:
  struct Texture {
    unsigned int name = 0;
    int width = 0;
    int height = 0;
    std::vector<plot::Color> pixels = {};  ///< as they were uploaded last
  };

  std::map<std::string, Texture, std::less<>> textures_;
};

/// Draws ImGui's draw data into the bound framebuffer.
void draw_gl_frame(plot::Size size, plot::Color background);
/// Reads the bound framebuffer as an opaque image, rows from the top.
plot::Image read_gl_frame(plot::Size size);

}  // namespace sketchscope::platform
