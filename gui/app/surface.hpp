#pragma once

#include <string>

#include "gui/app/settings.hpp"
#include "gui/platform/platform.hpp"
#include "gui/plot/imgui_canvas.hpp"
#include "gui/plot/theme.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::app {

/// The drawing resources of the window: theme and fonts at the present scale, canvases for the
/// window and for overlays, and the register of drawn items.
class Surface {
 public:
  explicit Surface(platform::Platform& platform)
      : platform_(platform),
        canvas_(fonts_, platform.textures(), plot::CanvasLayer::window),
        overlay_(fonts_, platform.textures(), plot::CanvasLayer::foreground) {}
  Surface(const Surface&) = delete;
  Surface& operator=(const Surface&) = delete;

  /// Applies the settings at the scale of display and zoom, or a smaller one if the panels would
  /// not fit. Call between frames only. Returns a notice about a missing font, once, or about
  /// larger text that did not fit; else empty.
  std::string follow(const Settings& settings);
  /// Applies a scale for a picture until follow() is called again.
  std::string use_scale(float scale);
  /// Applies the light theme at this scale for a figure on paper until follow() is called again.
  void use_print(float scale);
  /// Returns the scale of theme and fonts; 0 before the first frame.
  [[nodiscard]] float scale() const { return scale_; }

  /// Begins the ImGui window that fills `size` below all others. ImGui::End ends it.
  static void begin_root_window(plot::Size size);

  [[nodiscard]] const plot::Theme& theme() const { return theme_; }
  [[nodiscard]] const plot::Fonts& fonts() const { return fonts_; }
  [[nodiscard]] plot::Canvas& canvas() { return canvas_; }
  [[nodiscard]] const plot::Canvas& canvas() const { return canvas_; }
  [[nodiscard]] plot::Canvas& overlay() { return overlay_; }
  [[nodiscard]] widgets::ItemRegistry& items() { return items_; }
  [[nodiscard]] const widgets::ItemRegistry& items() const { return items_; }
  [[nodiscard]] widgets::ControlContext controls() { return controls_on(canvas_); }
  [[nodiscard]] widgets::ControlContext controls_on(plot::Canvas& canvas) {
    return {canvas, theme_, fonts_, items_};
  }

 private:
  void make_theme_anew(float scale);

  platform::Platform& platform_;
  plot::Brightness brightness_ = plot::Brightness::dark;
  plot::Palette palette_ = plot::Palette::standard;
  float scale_ = 0;
  float zoom_ = 1;  ///< wanted by the settings in the last frame
  plot::Theme theme_;
  plot::Fonts fonts_;
  plot::ImGuiCanvas canvas_;
  plot::ImGuiCanvas overlay_;
  widgets::ItemRegistry items_;
};

}  // namespace sketchscope::app
