#pragma once

namespace sketchscope {

/// An OpenGL 3.3 context without a surface, current on the thread that makes it: Mesa's
/// surfaceless platform, else the first EGL device that gives one. Throws Error.
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
