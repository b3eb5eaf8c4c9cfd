#include "gui/plot/chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "gui/plot/readout.hpp"

namespace sketchscope::plot {
namespace {

/// Returns the part of `area` that remains beside the tick labels.
Rect plot_of(const Canvas& canvas, const Theme& theme, const Rect& area,
             const ChartOptions& options) {
  Rect plot = area;
  const TextStyle style{.face = Face::mono, .size = TextSize::small};
  if (options.legend == Legend::above || !options.y_label.empty()) {
    plot.top += theme.small_text * 1.7F;
  }
  plot.top += theme.small_text * 0.5F;
  const float below = options.x.tick_labels || !options.x_label.empty() ? 1.7F : 0.5F;
  plot.bottom = std::max(plot.top + 1, plot.bottom - theme.small_text * below);
  if (options.y.tick_labels) {
    float widest = 0;
    const Axis y(options.y, plot.bottom, plot.top);
    for (const auto& tick : y.ticks(theme.small_text * 2)) {
      widest = std::max(widest, canvas.measure(tick.label, style).width);
    }
    plot.left += widest + theme.small_text * 0.7F;
  }
  plot.right = std::max(plot.left + 1, plot.right - theme.small_text * 0.3F);
  return plot;
}

}  // namespace

std::optional<double> value_at(const Series& series, double x) {
  const std::size_t count = std::min(series.x.size(), series.y.size());
  if (count == 0) return std::nullopt;
  const auto xs = series.x.first(count);
  const double reach = count > 1 ? (xs.back() - xs.front()) / static_cast<double>(count - 1) : 0.5;
  if (x < xs.front() - reach || x > xs.back() + reach) return std::nullopt;
  auto nearest = static_cast<std::size_t>(std::ranges::lower_bound(xs, x) - xs.begin());
  if (nearest == count || (nearest > 0 && x - xs[nearest - 1] <= xs[nearest] - x)) --nearest;
  const double value = series.y[nearest];
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

Chart::Chart(Canvas& canvas, Canvas& overlay, const Theme& theme, const Rect& area,
             ChartOptions options)
    : canvas_(canvas),
      overlay_(overlay),
      theme_(theme),
      options_(std::move(options)),
      area_(area),
      plot_(plot_of(canvas, theme, area, options_)),
      x_(options_.x, plot_.left, plot_.right),
      y_(options_.y, plot_.bottom, plot_.top) {
  draw_grid();
}

TextStyle Chart::tick_style() const {
  return {.color = theme_.faint, .face = Face::mono, .size = TextSize::small};
}

float Chart::legend_left() const {
  if (options_.y_label.empty()) return plot_.left;
  const TextStyle style{.size = TextSize::small};
  const float label = canvas_.measure(options_.y_label, style).width + theme_.small_text * 1.3F;
  return std::max(plot_.left, area_.left + label);
}

void Chart::draw_grid() {
  TextStyle style = tick_style();
  canvas_.text({area_.left, area_.top}, options_.y_label,
               {.color = theme_.faint, .size = TextSize::small});
  style.align = Align::right;
  style.vertical = VerticalAlign::middle;
  for (const auto& tick : y_.ticks(theme_.small_text * 2)) {
    const float y = y_.pixel(tick.value);
    canvas_.line({plot_.left, y}, {plot_.right, y}, {theme_.grid});
    if (options_.y.tick_labels) {
      canvas_.text({plot_.left - theme_.small_text * 0.6F, y}, tick.label, style);
    }
  }
  canvas_.line({plot_.left, plot_.bottom}, {plot_.right, plot_.bottom}, {theme_.faint});

  style.align = Align::center;
  style.vertical = VerticalAlign::top;
  const float below = plot_.bottom + theme_.small_text * 0.35F;
  float label_start = plot_.right;
  if (!options_.x_label.empty()) {
    style.align = Align::right;
    canvas_.text({plot_.right, below}, options_.x_label, style);
    label_start -= canvas_.measure(options_.x_label, style).width + theme_.small_text;
    style.align = Align::center;
  }
  if (!options_.x.tick_labels) return;
  for (const auto& tick : x_.ticks(theme_.small_text * 5)) {
    const float x = x_.pixel(tick.value);
    const float half = canvas_.measure(tick.label, style).width / 2;
    if (x + half > label_start) continue;
    canvas_.text({std::max(x, plot_.left + half), below}, tick.label, style);
  }
}

void Chart::remember(const Series& series) {
  if (!series.name.empty()) named_.push_back(series);
}

std::vector<LinePiece> Chart::pieces_of(const Series& series) {
  // What is narrower than the line itself is not seen.
  const double column = std::max(1.0F, series.stroke.width * theme_.stroke_scale());
  if (!columns_ || !columns_->are_of(series.x, column)) columns_.emplace(series.x, x_, column);
  return columns_->pieces(series.y, y_);
}

void Chart::line(const Series& series) {
  remember(series);
  draw_pieces(pieces_of(series), series.stroke);
}

void Chart::area(const Series& series, Color fill) {
  remember(series);
  const std::vector<LinePiece> pieces = pieces_of(series);
  {
    const Clip clip(canvas_, plot_);
    for (const auto& piece : pieces) canvas_.fill_under(piece, plot_.bottom, fill);
  }
  draw_pieces(pieces, series.stroke);
}

void Chart::band(const Series& low, const Series& high, Color fill) {
  const Clip clip(canvas_, plot_);
  for (const Strip& strip : band_strips(low.x, low.y, high.y, x_, y_)) {
    canvas_.fill_between(strip.high, strip.low, fill);
  }
}

void Chart::draw_pieces(std::span<const LinePiece> pieces, Stroke stroke) {
  const Clip clip(canvas_, plot_.inset(0, -stroke.width));
  for (const auto& piece : pieces) {
    if (piece.size() == 1) {
      canvas_.fill_circle(piece.front(), stroke.width, stroke.color);
    } else {
      canvas_.polyline(piece, stroke);
    }
  }
}

void Chart::dots(const Series& series, float radius) {
  markers(series, Marker::circle, radius);
}

void Chart::markers(const Series& series, Marker marker, float radius) {
  const float reach = radius * 1.4F;
  const Clip clip(canvas_, plot_.inset(-reach, -reach));
  for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
    if (!std::isfinite(series.x[i]) || !std::isfinite(series.y[i])) continue;
    draw_marker(canvas_, marker, {x_.pixel(series.x[i]), y_.pixel(series.y[i])}, radius,
                series.stroke.color, theme_.card);
  }
}

void Chart::bars(const Series& series, double width) {
  remember(series);
  const Clip clip(canvas_, plot_);
  // Bars that touch end at whole pixels: elsewhere two of them would cover a pixel in part, and a
  // translucent colour show that as stripes.
  const bool touching = width >= 1 || x_.pixel(width) - x_.pixel(0) < 2;
  const auto edge = [&](double x) { return touching ? std::round(x_.pixel(x)) : x_.pixel(x); };
  std::optional<Rect> bar;
  for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
    if (!std::isfinite(series.y[i]) || series.y[i] == 0) continue;
    const float left = edge(series.x[i] - width / 2);
    const float right = std::max(edge(series.x[i] + width / 2), left + 1);
    const float top = y_.pixel(series.y[i]);
    if (bar && touching && left == bar->left) {
      bar->top = std::min(bar->top, top);
      bar->right = std::max(bar->right, right);
      continue;
    }
    if (bar) canvas_.fill(*bar, series.stroke.color);
    bar = Rect{left, top, right, plot_.bottom};
  }
  if (bar) canvas_.fill(*bar, series.stroke.color);
}

void Chart::level(double value, const std::string& name, Stroke stroke) {
  const float y = y_.pixel(value);
  if (y < plot_.top - 1 || y > plot_.bottom) return;
  canvas_.line({plot_.left, y}, {plot_.right, y}, stroke);
  TextStyle style{.color = stroke.color, .size = TextSize::small, .align = Align::right};
  const bool fits_above = y - plot_.top > theme_.small_text * 1.3F;
  style.vertical = fits_above ? VerticalAlign::bottom : VerticalAlign::top;
  const Point at{plot_.right, fits_above ? y - 2 : y + 2};
  const Size size = canvas_.measure(name, style);
  const float top = fits_above ? at.y - size.height : at.y;
  canvas_.fill({at.x - size.width, top, at.x, top + size.height}, theme_.card.with_alpha(0.8));
  canvas_.text(at, name, style);
}

void Chart::mark(const EventMark& mark) {
  marks_.push_back(mark);
}

void Chart::finish() {
  draw_marks();
  if (options_.legend == Legend::above) draw_legend();
  draw_cursor();
  draw_hover();
}

void Chart::draw_marks() {
  const Clip clip(canvas_, plot_);
  // The newest mark comes first, so that its label is kept if two would overlap.
  float free_until = std::numeric_limits<float>::max();
  for (auto mark = marks_.rbegin(); mark != marks_.rend(); ++mark) {
    const float x = x_.pixel(mark->at);
    canvas_.line({x, plot_.top}, {x, plot_.bottom}, {mark->color, 1, Dash::dotted});
    if (mark->label.empty()) continue;
    TextStyle style{.color = mark->color, .size = TextSize::small};
    const float width = canvas_.measure(mark->label, style).width + theme_.small_text * 0.4F;
    const float right = std::min(free_until, plot_.right);
    const bool fits_right = x + width <= right;
    const bool fits_left = x <= right && x - width >= plot_.left;
    if (!fits_right && !fits_left) continue;
    style.align = fits_right ? Align::left : Align::right;
    const float beside = theme_.small_text * (fits_right ? 0.3F : -0.3F);
    const float left = fits_right ? x + 1 : x - width;
    canvas_.fill({left, plot_.top, left + width, plot_.top + theme_.small_text * 1.3F},
                 theme_.card.with_alpha(0.8));
    canvas_.text({x + beside, plot_.top}, mark->label, style);
    free_until = fits_right ? x : x - width;
  }
}

void Chart::draw_legend() {
  const TextStyle name{.color = theme_.quiet, .size = TextSize::small};
  const TextStyle value{.color = theme_.text, .face = Face::mono, .size = TextSize::small};
  const float swatch = theme_.small_text;
  const float middle = area_.top + theme_.small_text * 0.55F;
  const float gap = swatch * 1.3F;
  std::vector<std::string> values;
  float names_width = 0;
  float values_width = 0;
  for (const auto& series : named_) {
    const std::size_t count = std::min(series.x.size(), series.y.size());
    const double at = options_.cursor.value_or(count > 0 ? series.x[count - 1] : 0);
    const auto there = value_at(series, at);
    values.push_back(there ? options_.y.format(*there) : std::string(kAbsent));
    names_width += swatch * 1.4F + canvas_.measure(series.name, name).width + gap;
    values_width += swatch * 0.5F + canvas_.measure(values.back(), value).width;
  }
  // If not everything fits, values are dropped before names.
  const float room = plot_.right - legend_left() + gap;
  const bool with_values = names_width + values_width <= room;
  const bool all_fit = names_width <= room;
  float x = legend_left();
  for (std::size_t index = 0; index < named_.size(); ++index) {
    const Series& series = named_[index];
    const float name_width = canvas_.measure(series.name, name).width;
    // The number of those that are left out stands in their place.
    const std::string rest = "+" + std::to_string(named_.size() - index);
    const float kept_free = all_fit ? 0 : canvas_.measure(rest, value).width + gap;
    if (x + swatch * 1.4F + name_width + kept_free > plot_.right + (all_fit ? 1 : 0)) {
      if (x + kept_free - gap <= plot_.right) canvas_.text({x, area_.top}, rest, value);
      break;
    }
    canvas_.line({x, middle}, {x + swatch, middle}, {series.stroke.color, 2, series.stroke.dash});
    x += swatch * 1.4F;
    canvas_.text({x, area_.top}, series.name, name);
    x += name_width;
    if (with_values) {
      x += swatch * 0.5F;
      canvas_.text({x, area_.top}, values[index], value);
      x += canvas_.measure(values[index], value).width;
    }
    x += gap;
  }
}

void Chart::draw_cursor() {
  if (!options_.cursor) return;
  const double at = *options_.cursor;
  if (at < x_.minimum() || at > x_.maximum()) return;
  const float x = x_.pixel(at);
  canvas_.line({x, plot_.top}, {x, plot_.bottom}, {theme_.accent.with_alpha(0.8)});
  for (const auto& series : named_) {
    const auto value = value_at(series, at);
    if (!value) continue;
    const float y = y_.pixel(*value);
    if (y < plot_.top - 1 || y > plot_.bottom + 1) continue;
    canvas_.fill_circle({x, y}, theme_.small_text * 0.24F, series.stroke.color);
  }
}

std::optional<double> Chart::hovered_x() const {
  if (!options_.pointer || !plot_.contains(*options_.pointer)) return std::nullopt;
  const double value = x_.value(options_.pointer->x);
  return options_.x.integer ? std::round(value) : value;
}

void Chart::draw_hover() {
  const auto at = hovered_x();
  if (!at || options_.readout == HoverReadout::none) return;
  std::vector<ReadoutLine> lines;
  const std::string label = options_.x_label.empty() ? "" : options_.x_label + " ";
  lines.push_back({label + options_.x.format(*at), {}, {}});
  for (const auto& series : named_) {
    const auto value = value_at(series, *at);
    lines.push_back({series.name, value ? options_.y.format(*value) : std::string(kAbsent),
                     series.stroke.color});
  }
  // The readout also lists marks within a few pixels.
  for (const auto& mark : marks_) {
    if (std::abs(x_.pixel(mark.at) - options_.pointer->x) < theme_.small_text * 0.4F) {
      lines.push_back({mark.label, {}, mark.color});
    }
  }
  if (lines.size() == 1) return;
  // A readout with many lines may reach below the chart.
  constexpr float kEverywhere = 1e6F;
  draw_readout(overlay_, theme_, *options_.pointer,
               {area_.left, area_.top, area_.right, kEverywhere}, lines);
}

}  // namespace sketchscope::plot
