#pragma once

namespace sketchscope {

/// An OpenGL 3.3 context without a surface, made current on the creating thread: of Mesa's
/// surfaceless platform, else of the first EGL device that supports it. Throws Error if there is
/// none.
class EglContext {
 public:
  EglContext();
  ~EglContext();
  EglContext(const EglContext&) = delete;
  EglContext& operator=(const EglContext&) = delete;

 private:
  void* display_ = nullptr;
  void* context_ = nullptr;
};

}  // namespace sketchscope
