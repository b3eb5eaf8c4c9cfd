#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace sketchscope::plot {

/// A point in pixels, y downwards.
struct Point {
  float x = 0;
  float y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

/// A size in pixels.
struct Size {
  float width = 0;
  float height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

/// A half-open rectangle: points on the right or bottom edge are outside.
struct Rect {
  float left = 0;
  float top = 0;
  float right = 0;
  float bottom = 0;

  [[nodiscard]] float width() const { return right - left; }
  [[nodiscard]] float height() const { return bottom - top; }
  [[nodiscard]] Point center() const { return {(left + right) / 2, (top + bottom) / 2}; }
  [[nodiscard]] bool contains(Point point) const {
    return point.x >= left && point.x < right && point.y >= top && point.y < bottom;
  }
  /// Returns the rectangle shrunk by these amounts on each side, at least to empty.
  [[nodiscard]] Rect inset(float horizontal, float vertical) const {
    const float dx = std::min(horizontal, width() / 2);
    const float dy = std::min(vertical, height() / 2);
    return {left + dx, top + dy, right - dx, bottom - dy};
  }
  friend bool operator==(const Rect&, const Rect&) = default;
};

/// Returns whether a canvas can draw at this place: a number of a size that pictures have. What
/// comes from a quotient of two zeros cannot be drawn, and libraries below do not look.
[[nodiscard]] bool is_drawable(float pixels);
[[nodiscard]] bool is_drawable(Point point);
[[nodiscard]] bool is_drawable(const Rect& rect);
[[nodiscard]] bool are_drawable(std::span<const Point> points);
/// Returns `radius` if a circle or corner of this radius can be drawn, else 0.
[[nodiscard]] float drawable_radius(float radius);

/// Calls `draw` for every part of a line between points that cannot be drawn.
void for_each_drawable(std::span<const Point> points,
                       const std::function<void(std::span<const Point>)>& draw);

/// Does the same for the parts, of two points at least, of two lines of equal length.
void for_each_drawable_strip(
    std::span<const Point> line, std::span<const Point> other,
    const std::function<void(std::span<const Point>, std::span<const Point>)>& draw);

/// An sRGB colour with straight alpha.
struct Color {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  std::uint8_t alpha = 255;

  /// Returns the opaque colour 0xRRGGBB.
  static constexpr Color hex(std::uint32_t rgb) {
    return {static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8),
            static_cast<std::uint8_t>(rgb), 255};
  }
  [[nodiscard]] constexpr Color with_alpha(double opacity) const {
    return {red, green, blue, static_cast<std::uint8_t>(opacity * 255 + 0.5)};
  }
  friend bool operator==(const Color&, const Color&) = default;
};

enum class Dash : std::uint8_t { solid, dashed, dotted };

/// The colour, width and dash of a line. The width is that at scale 1: a canvas of larger text
/// draws it wider in proportion.
struct Stroke {
  Color color;
  float width = 1;
  Dash dash = Dash::solid;
};

enum class Face : std::uint8_t { sans, sans_bold, mono };
enum class TextSize : std::uint8_t { small, normal, large };
/// The place of a point in a text, in halves of its width or height.
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

/// A part of a picture that is drawn by itself.
struct ImagePart {
  int column = 0;  ///< of its first pixel
  int row = 0;
  int width = 0;  ///< in pixels of the picture
  int height = 0;
  Rect place;  ///< where it is drawn
  Rect clip;   ///< outside of which nothing of it is seen
};

/// Returns a picture of the pixels of a part, which must lie within `sheet`.
Image cut_out(const Image& sheet, const ImagePart& part);

/// The drawing interface of plots, implemented for the screen and for files. Texts are UTF-8. What
/// has no place on a picture (is_drawable) is left out.
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
  /// Fills the area between two lines that have the same, nondecreasing x.
  virtual void fill_between(std::span<const Point> line, std::span<const Point> other,
                            Color color) = 0;
  /// Fills the area between a line with nondecreasing x and the level `base`.
  void fill_under(std::span<const Point> line, float base, Color color);
  virtual void fill_circle(Point center, float radius, Color color) = 0;

  virtual void text(Point at, std::string_view text, const TextStyle& style) = 0;
  [[nodiscard]] virtual Size measure(std::string_view text, const TextStyle& style) const = 0;

  /// Draws `image` stretched over `rect`, each pixel a sharp rectangle. `key` names the picture
  /// from frame to frame: "occupancy", "sketch counters/3".
  virtual void image(std::string_view key, const Rect& rect, const Image& image) = 0;

  /// Draws parts of one picture, each like an image of its own. Many small pictures are best drawn
  /// as the parts of one.
  virtual void image_parts(std::string_view key, const Image& sheet,
                           std::span<const ImagePart> parts);

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

/// Splits a line into dashes, which continue around corners, and calls `draw` for each; a solid
/// line is one piece. The pattern scales with the stroke's width.
void for_each_dash(std::span<const Point> points, Stroke stroke,
                   const std::function<void(std::span<const Point>)>& draw);

/// Returns the lengths of dash and gap, in pixels.
std::pair<float, float> dash_lengths(Stroke stroke);

}  // namespace sketchscope::plot
