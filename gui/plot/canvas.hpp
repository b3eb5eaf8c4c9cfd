#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "gui/plot/geometry.hpp"

namespace sketchscope {

enum class Dash : std::uint8_t { solid, dashed, dotted };

/// The colour, width and dash of a line.
struct Stroke {
  Color color;
  float width = 1;
  Dash dash = Dash::solid;
};

enum class Face : std::uint8_t { sans, sans_bold, mono };
enum class TextSize : std::uint8_t { small, normal, large };
enum class Align : std::uint8_t { left, center, right };
enum class VerticalAlign : std::uint8_t { top, middle, bottom };

/// The font and alignment of a text. Its point is the left, centre or right of its top, middle or
/// bottom.
struct TextStyle {
  Color color;
  Face face = Face::sans;
  TextSize size = TextSize::normal;
  Align align = Align::left;
  VerticalAlign vertical = VerticalAlign::top;
};

/// A small picture, one pixel per cell: row by row from the top, (height, width).
struct Image {
  int width = 0;
  int height = 0;
  std::vector<Color> pixels;
};

/// The drawing interface of plots, implemented for the screen and for files. Texts are UTF-8.
class Canvas {
 public:
  virtual ~Canvas() = default;

  virtual void line(Point from, Point to, Stroke stroke) = 0;
  /// Draws connected segments through any number of points.
  virtual void polyline(std::span<const Point> points, Stroke stroke) = 0;
  virtual void rect(const Rect& rect, Stroke stroke, float rounding = 0) = 0;
  virtual void fill(const Rect& rect, Color color, float rounding = 0) = 0;
  /// Fills a convex polygon with clockwise points.
  virtual void fill_polygon(std::span<const Point> points, Color color) = 0;
  /// Fills the area between a line with nondecreasing x and the level `base`.
  virtual void fill_under(std::span<const Point> line, float base, Color color) = 0;
  virtual void fill_circle(Point center, float radius, Color color) = 0;

  virtual void text(Point at, std::string_view text, const TextStyle& style) = 0;
  [[nodiscard]] virtual Size measure(std::string_view text, const TextStyle& style) const = 0;

  /// Draws `image` stretched over `rect`, each pixel a sharp rectangle. `key` names the picture
  /// from frame to frame: "occupancy", "sketch counters/3".
  virtual void image(std::string_view key, const Rect& rect, const Image& image) = 0;

  virtual void push_clip(const Rect& rect) = 0;
  virtual void pop_clip() = 0;
};

/// Clips to `rect` during its lifetime.
class Clip {
 public:
  Clip(Canvas& canvas, const Rect& rect) : canvas_(canvas) { canvas_.push_clip(rect); }
  ~Clip() { canvas_.pop_clip(); }
  Clip(const Clip&) = delete;
  Clip& operator=(const Clip&) = delete;

 private:
  Canvas& canvas_;
};

}  // namespace sketchscope
