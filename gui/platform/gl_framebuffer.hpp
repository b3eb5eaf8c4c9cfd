#pragma once

#include "gui/platform/gl.hpp"
#include "gui/plot/canvas.hpp"

namespace sketchscope {

/// An offscreen colour buffer, bound as render target during its lifetime.
class GlFramebuffer {
 public:
  explicit GlFramebuffer(Size size);
  ~GlFramebuffer();
  GlFramebuffer(const GlFramebuffer&) = delete;
  GlFramebuffer& operator=(const GlFramebuffer&) = delete;

  void resize(Size size);

 private:
  GLuint framebuffer_ = 0;
  GLuint colors_ = 0;
};

}  // namespace sketchscope
