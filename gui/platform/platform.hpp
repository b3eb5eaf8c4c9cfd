#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "gui/plot/canvas.hpp"
#include "gui/plot/imgui_canvas.hpp"

namespace sketchscope::platform {

/// The window system: a desktop window or memory. Used by one thread, except for the waker.
class Platform {
 public:
  virtual ~Platform() = default;

  /// Processes input, after sleeping until there is input, a call of the waker, or `seconds` have
  /// passed. Returns whether there was input.
  virtual bool wait(double seconds) = 0;
  /// Returns a function that ends wait() early. It may be called from any thread.
  [[nodiscard]] virtual std::function<void()> waker() = 0;
  /// Returns whether the person has closed the window or the program was asked to stop.
  [[nodiscard]] virtual bool closing() const = 0;
  virtual void close() = 0;

  /// Returns the size of the frame in pixels.
  [[nodiscard]] virtual plot::Size size() const = 0;
  /// Returns the pixels per desktop unit: 2 on a display of double density.
  [[nodiscard]] virtual float scale() const = 0;
  virtual void resize(plot::Size size) = 0;

  /// Passes size, time and input to ImGui. Call directly before ImGui::NewFrame.
  virtual void begin_frame() = 0;
  /// Shows the frame that ImGui::Render has prepared.
  virtual void show(plot::Color background) = 0;
  /// Starts drawing frames for a picture of this size instead of the window.
  virtual void begin_picture(plot::Size size) = 0;
  virtual void end_picture() = 0;
  /// Returns the last frame as an image.
  [[nodiscard]] virtual plot::Image screenshot(plot::Color background) = 0;
  /// Uploads a rebuilt font atlas.
  virtual void reload_fonts() = 0;
  virtual plot::TextureStore& textures() = 0;
  /// Sets the window's title.
  virtual void set_title(const std::string&) {}

  /// Notes that a file or folder was dropped on the window.
  void drop(std::filesystem::path path) { dropped_.push_back(std::move(path)); }
  /// Returns the paths dropped since the last call.
  [[nodiscard]] std::vector<std::filesystem::path> take_dropped() {
    return std::exchange(dropped_, {});
  }

 private:
  std::vector<std::filesystem::path> dropped_;
};

/// Opens a desktop window, which a requested stop closes. Throws Error without a display, with how
/// to run offscreen as remedy.
std::unique_ptr<Platform> open_desktop(const std::string& title, plot::Size size,
                                       std::stop_token stop = {});

/// Opens a window in memory, on EGL with its own framebuffer; only one may exist. Pixels are drawn
/// only for a screenshot, and time advances by a sixtieth of a second per frame, so that pictures
/// are reproducible. After a requested stop, waiting and beginning a frame throw Cancelled, since
/// nobody is there to close it. Throws Error if EGL offers no context.
std::unique_ptr<Platform> open_offscreen(plot::Size size, std::stop_token stop = {});

}  // namespace sketchscope::platform
