#include "gui/platform/gl_framebuffer.hpp"

namespace sketchscope {

GlFramebuffer::GlFramebuffer(Size size) {
  glGenFramebuffers(1, &framebuffer_);
  glGenRenderbuffers(1, &colors_);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
  glBindRenderbuffer(GL_RENDERBUFFER, colors_);
  resize(size);
  glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colors_);
}

GlFramebuffer::~GlFramebuffer() {
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glDeleteFramebuffers(1, &framebuffer_);
  glDeleteRenderbuffers(1, &colors_);
}

void GlFramebuffer::resize(Size size) {
  glBindRenderbuffer(GL_RENDERBUFFER, colors_);
  glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, static_cast<GLsizei>(size.width),
                        static_cast<GLsizei>(size.height));
}

}  // namespace sketchscope
