#include "gui/plot/svg_canvas.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "engine/core/text.hpp"
#include "gui/plot/canvas.hpp"

namespace sketchscope::plot {
namespace {

constexpr float kSansAdvance = 0.54F;  // mean advance per em
constexpr float kMonoAdvance = 0.6F;
constexpr float kTextHeight = 1.2F;
constexpr float kAscent = 0.95F;  // top of a line to its baseline, per em

/// Formats a number with at most two decimals, independent of the locale.
std::string number(float value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::fixed, 2);
  std::string text(buffer.data(), end.ptr);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + std::string(value) + "\"";
}

std::string attribute(std::string_view name, float value) {
  return attribute(name, number(value));
}

std::string paint(std::string_view property, Color color) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex = "#";
  for (const std::uint8_t channel : {color.red, color.green, color.blue}) {
    hex += kDigits[channel >> 4];
    hex += kDigits[channel & 15];
  }
  std::string text = attribute(property, hex);
  if (color.alpha != 255) {
    text += attribute(std::string(property) + "-opacity", static_cast<float>(color.alpha) / 255);
  }
  return text;
}

std::string outline(Stroke stroke) {
  std::string text =
      " fill=\"none\"" + paint("stroke", stroke.color) + attribute("stroke-width", stroke.width);
  if (stroke.dash != Dash::solid) {
    const auto [dash, gap] = dash_lengths(stroke);
    text += attribute("stroke-dasharray", number(dash) + " " + number(gap));
  }
  return text;
}

std::string box(const Rect& rect, float rounding) {
  std::string text = "<rect" + attribute("x", rect.left) + attribute("y", rect.top) +
                     attribute("width", rect.width()) + attribute("height", rect.height());
  if (rounding > 0) text += attribute("rx", rounding);
  return text;
}

std::string path_points(std::span<const Point> points) {
  std::string text;
  for (const Point point : points) {
    if (!text.empty()) text += ' ';
    text += number(point.x) + "," + number(point.y);
  }
  return attribute("points", text);
}

float em(const Theme& theme, TextSize size) {
  const std::array<float, 3> heights = {theme.small_text, theme.normal_text, theme.large_text};
  return heights[static_cast<std::size_t>(size)];
}

}  // namespace

Size estimate_text_size(const Theme& theme, std::string_view text, const TextStyle& style) {
  std::size_t letters = 0;
  for (const char c : text) letters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  const float size = em(theme, style.size);
  const float advance = style.face == Face::mono ? kMonoAdvance : kSansAdvance;
  return {static_cast<float>(letters) * advance * size, kTextHeight * size};
}

SvgCanvas::SvgCanvas(Size size, const Theme& theme, MeasureText measure)
    : size_(size), theme_(theme), measure_(std::move(measure)) {}

void SvgCanvas::line(Point from, Point to, Stroke stroke) {
  polyline(std::array<Point, 2>{from, to}, stroke);
}

void SvgCanvas::polyline(std::span<const Point> points, Stroke stroke) {
  for_each_drawable(points, [&](std::span<const Point> part) {
    if (part.size() < 2) return;
    body_ += "<polyline" + path_points(part) + outline(scaled(stroke)) + "/>\n";
  });
}

void SvgCanvas::rect(const Rect& rect, Stroke stroke, float rounding) {
  if (!is_drawable(rect)) return;
  body_ += box(rect, drawable_radius(rounding)) + outline(scaled(stroke)) + "/>\n";
}

void SvgCanvas::fill(const Rect& rect, Color color, float rounding) {
  if (!is_drawable(rect)) return;
  body_ += box(rect, drawable_radius(rounding)) + paint("fill", color) + "/>\n";
}

void SvgCanvas::fill_polygon(std::span<const Point> points, Color color) {
  if (!are_drawable(points)) return;
  body_ += "<polygon" + path_points(points) + paint("fill", color) + "/>\n";
}

void SvgCanvas::fill_between(std::span<const Point> line, std::span<const Point> other,
                             Color color) {
  for_each_drawable_strip(line, other, [&](std::span<const Point> one, std::span<const Point> two) {
    std::vector<Point> outline(one.begin(), one.end());
    for (std::size_t i = two.size(); i-- > 0;) {
      const bool inside = i > 0 && i + 1 < two.size();
      const bool level = inside && two[i - 1].y == two[i].y && two[i].y == two[i + 1].y;
      if (!level) outline.push_back(two[i]);  // a level base needs its ends alone
    }
    fill_polygon(outline, color);
  });
}

void SvgCanvas::fill_circle(Point center, float radius, Color color) {
  if (!is_drawable(center) || drawable_radius(radius) == 0) return;
  body_ += "<circle" + attribute("cx", center.x) + attribute("cy", center.y) +
           attribute("r", radius) + paint("fill", color) + "/>\n";
}

Size SvgCanvas::measure(std::string_view text, const TextStyle& style) const {
  return measure_ ? measure_(text, style) : estimate_text_size(theme_, text, style);
}

void SvgCanvas::text(Point at, std::string_view text, const TextStyle& style) {
  if (text.empty() || !is_drawable(at)) return;
  const float height = measure(text, style).height;
  float top = at.y;
  if (style.vertical == VerticalAlign::middle) top -= height / 2;
  if (style.vertical == VerticalAlign::bottom) top -= height;
  constexpr std::array<std::string_view, 3> kAnchors = {"start", "middle", "end"};
  const float size = em(theme_, style.size);
  body_ += "<text" + attribute("x", at.x) + attribute("y", top + kAscent * size) +
           attribute("font-size", size) +
           attribute("text-anchor", kAnchors[static_cast<std::size_t>(style.align)]) +
           attribute("font-family",
                     style.face == Face::mono ? "JetBrains Mono, monospace" : "Inter, sans-serif");
  if (style.face == Face::sans_bold) body_ += " font-weight=\"600\"";
  body_ += paint("fill", style.color) + " xml:space=\"preserve\">" + core::xml_escaped(text) +
           "</text>\n";
}

void SvgCanvas::image(std::string_view, const Rect& rect, const Image& image) {
  if (image.width <= 0 || image.height <= 0 || !is_drawable(rect)) return;
  const float width = rect.width() / static_cast<float>(image.width);
  const float height = rect.height() / static_cast<float>(image.height);
  body_ += "<g shape-rendering=\"crispEdges\">\n";
  for (int row = 0; row < image.height; ++row) {
    const auto* pixels = image.pixels.data() + static_cast<std::ptrdiff_t>(row) * image.width;
    const float top = rect.top + height * static_cast<float>(row);
    // Runs of equal pixels become one rectangle.
    for (int first = 0, last = 0; first < image.width; first = last) {
      while (last < image.width && pixels[last] == pixels[first]) ++last;
      if (pixels[first].alpha == 0) continue;
      fill({rect.left + width * static_cast<float>(first), top,
            rect.left + width * static_cast<float>(last), top + height},
           pixels[first], 0);
    }
  }
  body_ += "</g>\n";
}

void SvgCanvas::push_clip(const Rect& rect) {
  const Rect clip = is_drawable(rect) ? rect : Rect{};
  const std::string id = "clip" + std::to_string(clips_++);
  body_ += "<clipPath" + attribute("id", id) + ">" + box(clip, 0) + "/></clipPath>\n<g" +
           attribute("clip-path", "url(#" + id + ")") + ">\n";
}

void SvgCanvas::pop_clip() {
  body_ += "</g>\n";
}

std::string SvgCanvas::document(std::string_view description) const {
  const Size shown = millimetres_.value_or(size_);
  const std::string unit = millimetres_ ? "mm" : "";
  return "<svg xmlns=\"http://www.w3.org/2000/svg\"" +
         attribute("width", number(shown.width) + unit) +
         attribute("height", number(shown.height) + unit) +
         attribute("viewBox", "0 0 " + number(size_.width) + " " + number(size_.height)) + ">\n" +
         "<desc>" + core::xml_escaped(description) + "</desc>\n" +
         box({0, 0, size_.width, size_.height}, 0) + paint("fill", theme_.card) + "/>\n" + body_ +
         "</svg>\n";
}

}  // namespace sketchscope::plot
