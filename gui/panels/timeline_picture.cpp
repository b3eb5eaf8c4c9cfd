#include "gui/panels/timeline_picture.hpp"

#include <algorithm>
#include <cmath>

#include "gui/panels/panel_text.hpp"
#include "gui/plot/axis.hpp"
#include "gui/plot/readout.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::panels {
namespace {

constexpr double kPale = 0.22;  // opacity of bars that are not meant

float label_width(const PanelContext& context) {
  return context.theme.small_text * 5.2F;
}

float line_pitch(const plot::Theme& theme) {
  return theme.line_height() * 1.15F;
}

float title_height(const plot::Theme& theme, const TimelinePicture& picture) {
  return picture.title.empty() ? 0 : theme.line_height();
}

plot::Color bar_color(const plot::Theme& theme, const view::TimelineBar& bar) {
  if (!bar.operation) return bar.layer % 2 == 0 ? theme.control : theme.border;
  return part_color(theme, trace::kind_of(*bar.operation).part);
}

plot::Color words_on(const plot::Theme& theme, plot::Color background) {
  const plot::Color dark = theme.on_accent;
  const plot::Color light = plot::Color::hex(0xffffff);
  return plot::contrast(dark, background) > plot::contrast(light, background) ? dark : light;
}

/// Draws the bars of one line.
class LineOfBars {
 public:
  LineOfBars(PanelContext& context, const TimelinePicture& picture, const plot::Axis& axis,
             const plot::Rect& place)
      : context_(context), picture_(picture), axis_(axis), place_(place) {}

  /// Returns the bar under the mouse.
  const view::TimelineBar* draw(const view::TimelineLine& line) {
    const view::TimelineBar* hovered = nullptr;
    const plot::Clip clip(context_.canvas, place_);
    short_layers_ = std::ranges::any_of(line.bars, [this](const view::TimelineBar& bar) {
      const plot::Rect rect = rect_of(bar);
      const bool whole = rect.left >= place_.left && rect.right <= place_.right;
      return !bar.operation && whole && name_width(view::bar_name(bar)) > rect.width();
    });
    for (const view::TimelineBar& bar : line.bars) {
      const plot::Rect rect = rect_of(bar);
      if (rect.right < place_.left || rect.left > place_.right) continue;
      draw_bar(bar, rect);
      if (context_.pointer.at && rect.contains(*context_.pointer.at)) hovered = &bar;
    }
    if (hovered) context_.canvas.rect(rect_of(*hovered), {context_.theme.text, 1}, 1);
    return hovered;
  }

 private:
  [[nodiscard]] plot::Rect rect_of(const view::TimelineBar& bar) const {
    const float left = axis_.pixel(bar.begin_ms);
    const float right = std::max(axis_.pixel(bar.end_ms), left + 1);
    const float top = bar.nested ? place_.center().y : place_.top;
    return {left, top, right, place_.bottom};
  }

  [[nodiscard]] bool is_meant(const view::TimelineBar& bar) const {
    if (picture_.highlighted) return bar.operation == picture_.highlighted;
    return picture_.search.empty() || view::matches_search(bar, picture_.search);
  }

  void draw_bar(const view::TimelineBar& bar, const plot::Rect& rect) {
    const plot::Theme& theme = context_.theme;
    plot::Color color = bar_color(theme, bar);
    if (bar.nested) color = plot::mix(color, theme.card, 0.35);
    const bool meant = is_meant(bar);
    context_.canvas.fill(
        {rect.left, rect.top, std::max(rect.right - 0.5F, rect.left + 0.5F), rect.bottom},
        meant ? color : color.with_alpha(kPale));
    if (meant) draw_name(bar, rect, color);
  }

  [[nodiscard]] float name_width(std::string_view name) const {
    return context_.canvas.measure(name, small_style(context_.theme)).width +
           context_.theme.unit() * 0.5F;
  }

  void draw_name(const view::TimelineBar& bar, const plot::Rect& rect, plot::Color color) {
    const plot::Theme& theme = context_.theme;
    const float room =
        std::min(rect.right, place_.right) - std::max(rect.left, place_.left) - theme.unit() * 0.5F;
    if (room < theme.small_text || rect.height() < theme.small_text) return;
    plot::TextStyle style = in_middle(small_style(theme, plot::Align::center));
    style.color = bar.operation ? words_on(theme, color) : theme.quiet;
    const bool is_number = !bar.operation && short_layers_;
    const std::string name = is_number ? std::to_string(bar.layer) : view::bar_name(bar);
    if (context_.canvas.measure(name, style).width > room) return;
    const float middle =
        (std::min(rect.right, place_.right) + std::max(rect.left, place_.left)) / 2;
    context_.canvas.text({middle, rect.center().y}, name, style);
  }

  PanelContext& context_;
  const TimelinePicture& picture_;
  const plot::Axis& axis_;
  plot::Rect place_;
  bool short_layers_ = false;  // all layers are called by their numbers alone
};

plot::Axis axis_of(double ms, const TimelineZoom& zoom, const plot::Rect& bars) {
  return {{.minimum = ms * zoom.first(), .maximum = ms * zoom.last()}, bars.left, bars.right};
}

}  // namespace

plot::Color part_color(const plot::Theme& theme, trace::Part part) {
  switch (part) {
    case trace::Part::model:
      return theme.kept;
    case trace::Part::attention:
      return theme.recent;
    case trace::Part::policy:
      return theme.sink;
    case trace::Part::audit:
      return theme.categories[3];
    case trace::Part::record:
      break;
  }
  return theme.faint;
}

void TimelineZoom::show(double first, double last) {
  const double width = std::clamp(last - first, kSmallest, 1.0);
  first_ = std::clamp(first, 0.0, 1 - width);
  last_ = first_ + width;
  if (width == 1.0) last_ = 1;
}

void TimelineZoom::follow(const Pointer& pointer, const plot::Rect& area) {
  if (area.width() <= 0) return;
  const double width = last_ - first_;
  if (pointer.dragged_from && area.contains(*pointer.dragged_from)) {
    const double by = -pointer.dragged_by.x / area.width() * width;
    show(first_ + by, last_ + by);
  }
  if (!pointer.at || !area.contains(*pointer.at)) return;
  if (pointer.double_clicked) show(0, 1);
  if (pointer.wheel == 0) return;
  constexpr double kPerNotch = 0.8;
  const double factor = std::pow(kPerNotch, pointer.wheel);
  const double at = first_ + (pointer.at->x - area.left) / area.width() * width;
  show(at - (at - first_) * factor, at + (last_ - at) * factor);
}

float timeline_height(const plot::Theme& theme, const TimelinePicture& picture) {
  return title_height(theme, picture) +
         line_pitch(theme) * static_cast<float>(picture.lines.size());
}

plot::Rect timeline_bars(const PanelContext& context, const plot::Rect& area) {
  return {area.left + label_width(context), area.top, area.right, area.bottom};
}

const view::TimelineBar* draw_timeline(PanelContext& context, const TimelinePicture& picture,
                                       const TimelineZoom& zoom, const plot::Rect& area) {
  const plot::Theme& theme = context.theme;
  float top = area.top + title_height(theme, picture);
  if (!picture.title.empty()) {
    const plot::TextStyle style = label_style(theme);
    context.canvas.text({area.left, area.top},
                        fitted_text(context.canvas, picture.title, style, area.width()), style);
  }
  const plot::Rect bars = timeline_bars(context, area);
  const plot::Axis axis = axis_of(picture.ms, zoom, bars);
  const float pitch =
      std::min(line_pitch(theme), (area.bottom - top) / static_cast<float>(picture.lines.size()));
  constexpr float kLeastPitch = 4;  // pixels
  if (pitch < kLeastPitch) return nullptr;
  const view::TimelineBar* hovered = nullptr;
  for (const view::TimelineLine& line : picture.lines) {
    const plot::Rect place{bars.left, top, bars.right, top + pitch - theme.unit() * 0.2F};
    const plot::TextStyle style = in_middle(small_style(theme));
    if (pitch >= theme.small_text) {
      context.canvas.text({area.left, place.center().y},
                          fitted_text(context.canvas, line.name, style, label_width(context)),
                          style);
    }
    if (const auto* bar = LineOfBars(context, picture, axis, place).draw(line)) hovered = bar;
    top += pitch;
  }
  return hovered;
}

void draw_time_axis(PanelContext& context, double ms, const TimelineZoom& zoom,
                    const plot::Rect& area) {
  const plot::Theme& theme = context.theme;
  const plot::Rect bars = timeline_bars(context, area);
  const plot::Axis axis = axis_of(ms, zoom, bars);
  const plot::TextStyle style = small_style(theme, plot::Align::center);
  float free_from = bars.left;
  for (const plot::Tick& tick : axis.ticks(theme.small_text * 7)) {
    const float x = axis.pixel(tick.value);
    context.canvas.line({x, area.top}, {x, area.top + theme.unit() * 0.25F}, {theme.faint, 1});
    const std::string words = tick.label + " ms";
    const float half = context.canvas.measure(words, style).width / 2;
    if (x - half < free_from || x + half > bars.right) continue;
    context.canvas.text({x, area.top + theme.unit() * 0.3F}, words, style);
    free_from = x + half + theme.unit() * 0.5F;
  }
}

void draw_bar_readout(PanelContext& context, const view::TimelineBar& bar,
                      const trace::MachineSpeed* machine) {
  std::vector<plot::ReadoutLine> lines = {
      {view::bar_name(bar), plot::format_milliseconds(bar.ms()), {}}};
  if (bar.operation) {
    lines.front().swatch = part_color(context.theme, trace::kind_of(*bar.operation).part);
    if (bar.layer >= 0) lines.push_back({"layer", std::to_string(bar.layer), {}});
    if (bar.row >= 0) lines.push_back({"row of the pass", std::to_string(bar.row), {}});
  }
  lines.push_back({"begins at", plot::format_milliseconds(bar.begin_ms), {}});
  if (bar.work.bytes > 0) {
    lines.push_back({"bytes", plot::format_bytes(static_cast<double>(bar.work.bytes)), {}});
  }
  if (bar.work.multiply_adds > 0) {
    lines.push_back({"multiply-adds", plot::count_text(bar.work.multiply_adds), {}});
  }
  const auto bound = machine != nullptr && bar.bounded ? trace::bound_of(bar.work, *machine)
                                                       : std::optional<trace::Bound>();
  if (bound && bar.ms() > 0) {
    lines.push_back({bound->by_memory ? "of the memory's rate" : "of the arithmetic's rate",
                     plot::format_percent(bound->ms / bar.ms()),
                     {}});
  }
  plot::draw_readout(context.overlay, context.theme, *context.pointer.at,
                     {context.area.left, context.area.top, context.area.right, 1e6F}, lines);
}

}  // namespace sketchscope::panels
