#pragma once

#include <string>

#include "gui/app/settings.hpp"
#include "gui/platform/platform.hpp"
#include "gui/plot/imgui_canvas.hpp"
#include "gui/plot/theme.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {

/// The drawing resources of the window: theme and fonts at the present scale, canvases for the
/// window and for overlays, and the register of drawn items.
class Surface {
 public:
  explicit Surface(Platform& platform)
      : platform_(platform),
        canvas_(fonts_, platform.textures(), CanvasLayer::window),
        overlay_(fonts_, platform.textures(), CanvasLayer::foreground) {}
  Surface(const Surface&) = delete;
  Surface& operator=(const Surface&) = delete;

  /// Applies the settings at the scale of display and zoom, or a smaller one if the panels would
  /// not fit. Call between frames only. Returns a notice about a missing font, once; else empty.
  std::string follow(const Settings& settings);
  /// Applies a scale for a picture until follow() is called again.
  std::string use_scale(float scale);
  /// Returns the scale of theme and fonts; 0 before the first frame.
  [[nodiscard]] float scale() const { return scale_; }

  /// Begins the ImGui window that fills `size` below all others. ImGui::End ends it.
  static void begin_root_window(Size size);

  [[nodiscard]] const Theme& theme() const { return theme_; }
  [[nodiscard]] const Fonts& fonts() const { return fonts_; }
  [[nodiscard]] Canvas& canvas() { return canvas_; }
  [[nodiscard]] const Canvas& canvas() const { return canvas_; }
  [[nodiscard]] Canvas& overlay() { return overlay_; }
  [[nodiscard]] ItemRegistry& items() { return items_; }
  [[nodiscard]] const ItemRegistry& items() const { return items_; }
  [[nodiscard]] ControlContext controls() { return controls_on(canvas_); }
  [[nodiscard]] ControlContext controls_on(Canvas& canvas) {
    return {canvas, theme_, fonts_, items_};
  }

 private:
  void make_theme_anew(float scale);

  Platform& platform_;
  Brightness brightness_ = Brightness::dark;
  Palette palette_ = Palette::standard;
  float scale_ = 0;
  Theme theme_;
  Fonts fonts_;
  ImGuiCanvas canvas_;
  ImGuiCanvas overlay_;
  ItemRegistry items_;
};

}  // namespace sketchscope
