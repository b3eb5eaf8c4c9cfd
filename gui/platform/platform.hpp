#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gui/plot/canvas.hpp"
#include "gui/plot/texture_store.hpp"

namespace sketchscope {

/// Where the window is: a window of the desktop, or memory. One thread uses it, but for the waker.
class Platform {
 public:
  virtual ~Platform() = default;

  /// Takes input; sleeps until there is some, somebody wakes it, or `seconds` have passed. True if
  /// there was input.
  virtual bool wait(double seconds) = 0;
  /// Ends wait() early. May be called from any thread for as long as the platform lives.
  [[nodiscard]] virtual std::function<void()> waker() = 0;
  /// True once the person has closed the window.
  [[nodiscard]] virtual bool closing() const = 0;
  virtual void close() = 0;

  /// Of what is drawn, in pixels.
  [[nodiscard]] virtual Size size() const = 0;
  /// Pixels per unit of the desktop: 2 on a display of double density.
  [[nodiscard]] virtual float scale() const = 0;
  virtual void resize(Size size) = 0;

  /// Tells ImGui size, time and input; called right before ImGui::NewFrame.
  virtual void begin_frame() = 0;
  /// Shows what ImGui::Render left.
  virtual void show(Color background) = 0;
  /// From here on frames are drawn for a picture of this size, not for the window.
  virtual void begin_picture(Size size) = 0;
  virtual void end_picture() = 0;
  /// The picture of the frame drawn last.
  [[nodiscard]] virtual Image screenshot(Color background) = 0;
  /// Takes up a font atlas that was built anew.
  virtual void reload_fonts() = 0;
  virtual TextureStore& textures() = 0;
  /// What stands above the window.
  virtual void set_title(const std::string&) {}

  /// A file or folder was let fall on the window.
  void drop(std::filesystem::path path) { dropped_.push_back(std::move(path)); }
  /// Those that fell since the last call.
  [[nodiscard]] std::vector<std::filesystem::path> take_dropped() {
    return std::exchange(dropped_, {});
  }

 private:
  std::vector<std::filesystem::path> dropped_;
};

}  // namespace sketchscope
