#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gui/plot/canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope::platform {

/// A canvas that writes a PDF page with vector shapes and embedded fonts.
class PdfCanvas final : public plot::Canvas {
 public:
  /// A page of `size` in units of the theme, each of which is `points` PDF points (1/72 inch) long.
  PdfCanvas(plot::Size size, float points, const plot::Theme& theme);
  ~PdfCanvas() override;
  PdfCanvas(const PdfCanvas&) = delete;
  PdfCanvas& operator=(const PdfCanvas&) = delete;

  void line(plot::Point from, plot::Point to, plot::Stroke stroke) override;
  void polyline(std::span<const plot::Point> points, plot::Stroke stroke) override;
  void rect(const plot::Rect& rect, plot::Stroke stroke, float rounding) override;
  void fill(const plot::Rect& rect, plot::Color color, float rounding) override;
  void fill_polygon(std::span<const plot::Point> points, plot::Color color) override;
  void fill_between(std::span<const plot::Point> line, std::span<const plot::Point> other,
                    plot::Color color) override;
  void fill_circle(plot::Point center, float radius, plot::Color color) override;
  void text(plot::Point at, std::string_view text, const plot::TextStyle& style) override;
  [[nodiscard]] plot::Size measure(std::string_view text,
                                   const plot::TextStyle& style) const override;
  void image(std::string_view key, const plot::Rect& rect, const plot::Image& image) override;
  void push_clip(const plot::Rect& rect) override;
  void pop_clip() override;

  /// Ends the page and returns the file with `description`, such as a configuration, as its
  /// subject. Nothing can be drawn any more. Throws Error if the library fails.
  [[nodiscard]] std::string document(std::string_view description);

 private:
  struct Page;
  std::unique_ptr<Page> page_;
};

}  // namespace sketchscope::platform
