#include "gui/app/figure_drawer.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "gui/panels/rows_of_runs.hpp"
#include "gui/platform/pdf_canvas.hpp"
#include "gui/plot/svg_canvas.hpp"

namespace sketchscope::app {
namespace {

/// Makes the platform draw for a figure during its lifetime, in which nothing is hovered over.
class FigureFrames {
 public:
  FigureFrames(platform::Platform& platform, widgets::Hover& hover, plot::Size size)
      : platform_(platform), hover_(hover), hovered_(std::exchange(hover, {})) {
    platform_.begin_picture(size);
  }
  ~FigureFrames() {
    hover_ = hovered_;
    platform_.end_picture();
  }
  FigureFrames(const FigureFrames&) = delete;
  FigureFrames& operator=(const FigureFrames&) = delete;

 private:
  platform::Platform& platform_;
  widgets::Hover& hover_;
  widgets::Hover hovered_;
};

}  // namespace

plot::Size FigureDrawer::size_of(const WindowFigure& figure) const {
  if (figure.print) return plot::size_in_units(*figure.print);
  if (figure.size) return *figure.size;
  if (figure.panel.empty()) return parts_.platform.size();
  const auto card = parts_.workspace.card(figure.panel);
  // A panel that is not on the screen gets the size of a usual card.
  constexpr plot::Size kUsual{56, 32};
  const float unit = parts_.surface.theme().unit();
  if (!card) return {kUsual.width * unit, kUsual.height * unit};
  return {card->width(), card->height()};
}

WindowFigure FigureDrawer::fitted(WindowFigure figure) {
  if (!figure.print || figure.panel.empty()) return figure;
  Surface& surface = parts_.surface;
  surface.use_print(1);
  const auto least_of = [&](float width) {
    return parts_.workspace.least_print(
        figure.panel, parts_.panel_context(surface.canvas(), surface.overlay(), {0, 0, width, 0}));
  };
  // How high it has to be depends on how wide it is.
  const float width = plot::size_in_units(*figure.print).width;
  const plot::Size least = least_of(std::max(width, least_of(width).width));
  figure.print = plot::fitted_print(*figure.print, least, "panel " + figure.panel);
  return figure;
}

void FigureDrawer::use_look(const WindowFigure& figure) {
  if (figure.print) {
    parts_.surface.use_print(figure.format == FigureFormat::png ? figure.scale : 1);
  } else if (figure.size) {
    static_cast<void>(parts_.surface.use_scale(figure.scale));
  } else if (figure.format == FigureFormat::png) {
    static_cast<void>(parts_.surface.use_scale(parts_.surface.scale() * figure.scale));
  }
}

void FigureDrawer::draw_frame(const WindowFigure& figure, plot::Canvas& canvas,
                              plot::Canvas& overlay) {
  parts_.platform.begin_frame();
  constexpr float kNowhere = std::numeric_limits<float>::lowest();
  const ImVec2 mouse = std::exchange(ImGui::GetIO().MousePos, ImVec2(kNowhere, kNowhere));
  ImGui::NewFrame();
  parts_.surface.items().begin_frame();
  const plot::Size size = parts_.platform.size();
  Surface::begin_root_window(size);
  const plot::Rect whole{0, 0, size.width, size.height};
  if (figure.panel.empty()) {
    canvas.fill(whole, parts_.surface.theme().background);
    parts_.draw_contents(canvas, overlay, size);
  } else {
    panels::PanelContext context = parts_.panel_context(canvas, overlay, whole);
    context.print = figure.print.has_value();
    parts_.workspace.draw_only(figure.panel, whole, context);
  }
  ImGui::End();
  ImGui::Render();
  // The position is restored, since no mouse event may follow until the mouse moves.
  ImGui::GetIO().MousePos = mouse;
}

plot::Image FigureDrawer::picture(const WindowFigure& figure) {
  const plot::Size size = size_of(figure);
  Surface& surface = parts_.surface;
  const FigureFrames frames(
      parts_.platform, parts_.run.selection().hover,
      {std::round(size.width * figure.scale), std::round(size.height * figure.scale)});
  use_look(figure);
  // An auto-sized ImGui window is invisible in its first frame.
  for (int frame = 0; frame < 2; ++frame) draw_frame(figure, surface.canvas(), surface.overlay());
  return parts_.platform.screenshot(figure.print ? surface.theme().card
                                                 : surface.theme().background);
}

template <typename MakeCanvas>
std::string FigureDrawer::document(const WindowFigure& figure, const std::string& description,
                                   const MakeCanvas& make_canvas) {
  if (!figure.panel.empty()) static_cast<void>(parts_.workspace.panel(figure.panel));
  const plot::Size size = size_of(figure);
  const FigureFrames frames(parts_.platform, parts_.run.selection().hover, size);
  use_look(figure);
  draw_frame(figure, parts_.surface.canvas(), parts_.surface.overlay());
  auto canvas = make_canvas(size);
  draw_frame(figure, canvas, canvas);
  return canvas.document(description);
}

std::string FigureDrawer::svg(const WindowFigure& figure, const std::string& description) {
  const auto measure = [this](std::string_view text, const plot::TextStyle& style) {
    return parts_.surface.canvas().measure(text, style);
  };
  return document(figure, description, [&](plot::Size size) {
    plot::SvgCanvas canvas(size, parts_.surface.theme(), measure);
    if (figure.print) canvas.set_millimetres({figure.print->width_mm, figure.print->height_mm});
    return canvas;
  });
}

std::string FigureDrawer::pdf(const WindowFigure& figure, const std::string& description) {
  return document(figure, description, [&](plot::Size size) {
    const plot::Theme& theme = parts_.surface.theme();
    constexpr float kPointsPerPixel = 0.75F;  // 96 pixels to the inch
    const float points = figure.print ? figure.print->text_pt / theme.small_text : kPointsPerPixel;
    return platform::PdfCanvas(size, points, theme);
  });
}

view::DataTable FigureDrawer::numbers(const std::string& panel) {
  Surface& surface = parts_.surface;
  return panels::rows_of_runs(parts_.workspace.panel(panel),
                              parts_.panel_context(surface.canvas(), surface.overlay(), {}));
}

}  // namespace sketchscope::app
