#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <imgui.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/error.hpp"
#include "gui/platform/keyboard.hpp"
#include "gui/platform/opengl.hpp"
#include "gui/platform/platform.hpp"

namespace sketchscope::platform {
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

/// An OpenGL 3.3 context without a surface, made current on the creating thread: of Mesa's
/// surfaceless platform, else of the first EGL device that supports it. Throws Error if there is
/// none.
class EglContext {
 public:
  EglContext() {
    eglBindAPI(EGL_OPENGL_API);
    for (EGLDisplay display : candidate_displays()) {
      context_ = make_context(display);
      display_ = display;
      if (context_ != EGL_NO_CONTEXT) return;
    }
    std::ostringstream code;
    code << "EGL error 0x" << std::hex << eglGetError();
    throw core::Error(
        {.what = "no way to draw without a display",
         .found = code.str(),
         .expected = "EGL with OpenGL 3.3, surfaceless or on a device",
         .remedy = "Install Mesa's software renderer (packages libegl1 and libgl1-mesa-dri)"});
  }
  ~EglContext() {
    eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    eglDestroyContext(display_, context_);
    eglTerminate(display_);
  }
  EglContext(const EglContext&) = delete;
  EglContext& operator=(const EglContext&) = delete;

 private:
  EGLDisplay display_ = EGL_NO_DISPLAY;
  EGLContext context_ = EGL_NO_CONTEXT;
};

constexpr float kFrameSeconds = 1.0F / 60;

/// The state of the waker, shared so that it outlives the platform while callers hold it.
struct Alarm {
  std::mutex mutex;
  std::condition_variable condition;
  bool rung = false;
};

class Offscreen final : public Platform {
 public:
  Offscreen(plot::Size size, std::stop_token stop)
      : stop_(std::move(stop)), size_(size), framebuffer_(size) {
    set_up_keyboard();
    ImGui::GetIO().ConfigInputTextCursorBlink = false;
  }

  bool wait(double seconds) override {
    end_if_stopped();
    std::unique_lock lock(alarm_->mutex);
    alarm_->condition.wait_for(lock, std::chrono::duration<double>(seconds),
                               [&] { return alarm_->rung; });
    alarm_->rung = false;
    return false;
  }

  std::function<void()> waker() override {
    return [alarm = alarm_] {
      {
        const std::scoped_lock lock(alarm->mutex);
        alarm->rung = true;
      }
      alarm->condition.notify_one();
    };
  }

  [[nodiscard]] bool closing() const override { return closing_; }
  void close() override { closing_ = true; }
  [[nodiscard]] plot::Size size() const override { return size_; }
  [[nodiscard]] float scale() const override { return 1; }

  void resize(plot::Size size) override {
    size_ = size;
    framebuffer_.resize(size);
  }

  void begin_frame() override {
    end_if_stopped();
    renderer_.begin_frame();
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {size_.width, size_.height};
    io.DeltaTime = kFrameSeconds;
  }

  void show(plot::Color) override {}

  void begin_picture(plot::Size size) override {
    window_ = size_;
    resize(size);
  }
  void end_picture() override { resize(window_); }

  [[nodiscard]] plot::Image screenshot(plot::Color background) override {
    draw_gl_frame(size_, background);
    return read_gl_frame(size_);
  }

  void reload_fonts() override { renderer_.reload_fonts(); }
  plot::TextureStore& textures() override { return textures_; }

 private:
  void end_if_stopped() const {
    if (stop_.stop_requested()) throw core::Cancelled("drawing was interrupted");
  }

  std::stop_token stop_;
  plot::Size size_;
  plot::Size window_;  ///< the window's size while a picture has another
  bool closing_ = false;
  std::shared_ptr<Alarm> alarm_ = std::make_shared<Alarm>();
  // Members are in the order of their dependencies.
  EglContext egl_;
  GlFramebuffer framebuffer_;
  ImGuiContextOwner imgui_;
  GlRenderer renderer_;
  GlTextures textures_;
};

}  // namespace

std::unique_ptr<Platform> open_offscreen(plot::Size size, std::stop_token stop) {
  return std::make_unique<Offscreen>(size, std::move(stop));
}

}  // namespace sketchscope::platform
