#pragma once

#include <algorithm>
#include <cstdint>

namespace sketchscope {

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

}  // namespace sketchscope
