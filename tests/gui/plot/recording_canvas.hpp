#pragma once

#include <string>
#include <vector>

#include "gui/plot/canvas.hpp"
#include "gui/plot/svg_canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope::test {

/// Keeps what was drawn, for tests to look at.
class RecordingCanvas final : public Canvas {
 public:
  struct Text {
    Point at;
    std::string text;
    TextStyle style;
  };
  struct Filled {
    Rect rect;
    Color color;
  };

  std::vector<std::vector<Point>> polylines;
  std::vector<std::pair<Point, Point>> lines;
  std::vector<Filled> fills;
  std::vector<Point> circles;
  std::vector<Text> texts;
  std::vector<std::string> images;
  int open_clips = 0;

  void line(Point from, Point to, Stroke) override { lines.emplace_back(from, to); }
  void polyline(std::span<const Point> points, Stroke) override {
    polylines.emplace_back(points.begin(), points.end());
  }
  void rect(const Rect&, Stroke, float) override {}
  void fill(const Rect& rect, Color color, float) override { fills.push_back({rect, color}); }
  void fill_polygon(std::span<const Point>, Color) override {}
  void fill_circle(Point center, float, Color) override { circles.push_back(center); }
  void text(Point at, std::string_view text, const TextStyle& style) override {
    texts.push_back({at, std::string(text), style});
  }
  [[nodiscard]] Size measure(std::string_view text, const TextStyle& style) const override {
    return estimate_text_size(Theme{}, text, style);
  }
  void image(std::string_view key, const Rect&, const Image&) override { images.emplace_back(key); }
  void push_clip(const Rect&) override { ++open_clips; }
  void pop_clip() override { --open_clips; }

  [[nodiscard]] bool has_text(std::string_view wanted) const {
    for (const auto& one : texts) {
      if (one.text == wanted) return true;
    }
    return false;
  }
};

}  // namespace sketchscope::test
