#include "gui/platform/offscreen.hpp"

#include <imgui.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "gui/platform/egl_context.hpp"
#include "gui/platform/gl_frame.hpp"
#include "gui/platform/gl_framebuffer.hpp"
#include "gui/platform/gl_textures.hpp"
#include "gui/platform/imgui_context.hpp"
#include "gui/platform/keyboard.hpp"

namespace sketchscope {
namespace {

constexpr float kFrameSeconds = 1.0F / 60;

/// The state of the waker, shared so that it outlives the platform while callers hold it.
struct Alarm {
  std::mutex mutex;
  std::condition_variable condition;
  bool rung = false;
};

class Offscreen final : public Platform {
 public:
  explicit Offscreen(Size size) : size_(size), framebuffer_(size) {
    set_up_keyboard();
    ImGui::GetIO().ConfigInputTextCursorBlink = false;
  }

  bool wait(double seconds) override {
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
  [[nodiscard]] Size size() const override { return size_; }
  [[nodiscard]] float scale() const override { return 1; }

  void resize(Size size) override {
    size_ = size;
    framebuffer_.resize(size);
  }

  void begin_frame() override {
    renderer_.begin_frame();
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {size_.width, size_.height};
    io.DeltaTime = kFrameSeconds;
  }

  void show(Color) override {}

  void begin_picture(Size size) override {
    window_ = size_;
    resize(size);
  }
  void end_picture() override { resize(window_); }

  [[nodiscard]] Image screenshot(Color background) override {
    draw_gl_frame(size_, background);
    return read_gl_frame(size_);
  }

  void reload_fonts() override { renderer_.reload_fonts(); }
  TextureStore& textures() override { return textures_; }

 private:
  Size size_;
  Size window_;  ///< the window's size while a picture has another
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

std::unique_ptr<Platform> open_offscreen(Size size) {
  return std::make_unique<Offscreen>(size);
}

}  // namespace sketchscope
