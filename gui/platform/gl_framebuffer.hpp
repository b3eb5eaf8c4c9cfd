#pragma once

#include "gui/platform/gl.hpp"
#include "gui/plot/geometry.hpp"

namespace sketchscope {

/// A colour buffer to draw into instead of the window; bound for as long as it lives.
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
