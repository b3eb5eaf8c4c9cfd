#pragma once

#include <functional>
#include <string>
#include <utility>

#include "gui/app/figure.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/app/surface.hpp"
#include "gui/app/workspace.hpp"

namespace sketchscope::app {

/// Draws figures (a panel or the window) as a picture, SVG or PDF. Between two frames only.
class FigureDrawer {
 public:
  struct Parts {
    platform::Platform& platform;
    Surface& surface;
    Workspace& workspace;
    ShownRun& run;
    /// Draws the window's content at this size on one canvas, and overlays on another.
    std::function<void(plot::Canvas& canvas, plot::Canvas& overlay, plot::Size size)> draw_contents;
    /// Returns the context of a panel that fills an area.
    std::function<panels::PanelContext(plot::Canvas& canvas, plot::Canvas& overlay,
                                       const plot::Rect& area)>
        panel_context;
  };
  explicit FigureDrawer(Parts parts) : parts_(std::move(parts)) {}

  /// Returns the figure with a print that has room for all parts of its panel. Throws UsageError
  /// where it may not grow to that.
  [[nodiscard]] WindowFigure fitted(WindowFigure figure);
  [[nodiscard]] plot::Image picture(const WindowFigure& figure);
  /// Returns an SVG document. Throws UsageError on an unknown panel.
  [[nodiscard]] std::string svg(const WindowFigure& figure, const std::string& description);
  /// Returns a PDF document. Throws UsageError on an unknown panel.
  [[nodiscard]] std::string pdf(const WindowFigure& figure, const std::string& description);
  /// Returns the rows that a panel shows, of all runs that are shown over each other. Throws
  /// UsageError on an unknown panel.
  [[nodiscard]] view::DataTable numbers(const std::string& panel);

 private:
  /// Returns the size of the window or the panel's card, at scale 1.
  [[nodiscard]] plot::Size size_of(const WindowFigure& figure) const;
  /// Sets the theme and scale of a figure until the next frame of the window.
  void use_look(const WindowFigure& figure);
  void draw_frame(const WindowFigure& figure, plot::Canvas& canvas, plot::Canvas& overlay);
  /// Draws a figure on the canvas that `make_canvas(size)` returns and returns its document.
  template <typename MakeCanvas>
  [[nodiscard]] std::string document(const WindowFigure& figure, const std::string& description,
                                     const MakeCanvas& make_canvas);

  Parts parts_;
};

}  // namespace sketchscope::app
