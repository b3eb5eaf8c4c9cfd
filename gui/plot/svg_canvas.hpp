#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gui/plot/canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope::plot {

/// Estimates a text's size, since the viewer of the file may use other fonts.
using MeasureText = std::function<Size(std::string_view text, const TextStyle& style)>;

/// Estimates a text's size from mean letter widths, for use without fonts.
Size estimate_text_size(const Theme& theme, std::string_view text, const TextStyle& style);

/// A canvas that writes an SVG document.
class SvgCanvas final : public Canvas {
 public:
  /// Without `measure`, text sizes are estimated.
  SvgCanvas(Size size, const Theme& theme, MeasureText measure = {});

  void line(Point from, Point to, Stroke stroke) override;
  void polyline(std::span<const Point> points, Stroke stroke) override;
  void rect(const Rect& rect, Stroke stroke, float rounding) override;
  void fill(const Rect& rect, Color color, float rounding) override;
  void fill_polygon(std::span<const Point> points, Color color) override;
  void fill_between(std::span<const Point> line, std::span<const Point> other,
                    Color color) override;
  void fill_circle(Point center, float radius, Color color) override;
  void text(Point at, std::string_view text, const TextStyle& style) override;
  [[nodiscard]] Size measure(std::string_view text, const TextStyle& style) const override;
  void image(std::string_view key, const Rect& rect, const Image& image) override;
  void push_clip(const Rect& rect) override;
  void pop_clip() override;

  /// Gives the document a size in millimetres, whatever its size in units is.
  void set_millimetres(Size size) { millimetres_ = size; }
  /// Returns the document with `description`, such as a configuration, embedded in it.
  [[nodiscard]] std::string document(std::string_view description) const;

 private:
  [[nodiscard]] Stroke scaled(Stroke stroke) const {
    return {stroke.color, stroke.width * theme_.stroke_scale(), stroke.dash};
  }

  Size size_;
  Theme theme_;
  MeasureText measure_;
  std::optional<Size> millimetres_;
  std::string body_;
  int clips_ = 0;
};

}  // namespace sketchscope::plot
