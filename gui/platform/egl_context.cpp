#include "gui/platform/egl_context.hpp"

#include <EGL/egl.h>
#include <EGL/eglext.h>

#include <array>
#include <sstream>
#include <string>
#include <vector>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

/// Returns the displays to try, in order.
std::vector<EGLDisplay> candidate_displays() {
  std::vector<EGLDisplay> displays;
  displays.push_back(
      eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr));

  const auto query_devices =
      reinterpret_cast<PFNEGLQUERYDEVICESEXTPROC>(eglGetProcAddress("eglQueryDevicesEXT"));
  if (query_devices != nullptr) {
    std::array<EGLDeviceEXT, 16> devices{};
    EGLint count = 0;
    query_devices(static_cast<EGLint>(devices.size()), devices.data(), &count);
    for (EGLint i = 0; i < count; ++i) {
      displays.push_back(eglGetPlatformDisplay(EGL_PLATFORM_DEVICE_EXT,
                                               devices[static_cast<std::size_t>(i)], nullptr));
    }
  }
  return displays;
}

EGLContext make_context(EGLDisplay display) {
  if (display == EGL_NO_DISPLAY || eglInitialize(display, nullptr, nullptr) != EGL_TRUE) {
    return EGL_NO_CONTEXT;
  }
  constexpr std::array<EGLint, 7> kVersion = {EGL_CONTEXT_MAJOR_VERSION,
                                              3,
                                              EGL_CONTEXT_MINOR_VERSION,
                                              3,
                                              EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                              EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                              EGL_NONE};
  // No configuration is chosen, as there is no surface and the default one requires window support.
  EGLContext context =
      eglCreateContext(display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, kVersion.data());
  if (context == EGL_NO_CONTEXT) return EGL_NO_CONTEXT;
  if (eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context) == EGL_TRUE) return context;
  eglDestroyContext(display, context);
  return EGL_NO_CONTEXT;
}

}  // namespace

EglContext::EglContext() {
  eglBindAPI(EGL_OPENGL_API);
  for (EGLDisplay display : candidate_displays()) {
    EGLContext context = make_context(display);
    if (context == EGL_NO_CONTEXT) continue;
    display_ = display;
    context_ = context;
    return;
  }
  std::ostringstream code;
  code << "EGL error 0x" << std::hex << eglGetError();
  throw Error(
      {.what = "no way to draw without a display",
       .found = code.str(),
       .expected = "EGL with OpenGL 3.3, surfaceless or on a device",
       .remedy = "Install Mesa's software renderer (packages libegl1 and libgl1-mesa-dri)"});
}

EglContext::~EglContext() {
  eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
  eglDestroyContext(display_, context_);
  eglTerminate(display_);
}

}  // namespace sketchscope
