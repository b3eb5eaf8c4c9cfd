#pragma once

#include <string>
#include <vector>

#include "gui/plot/canvas.hpp"

namespace sketchscope::test {

/// A canvas that records drawing calls. The width of a character is 0.6 of the height, as in the
/// mono face.
class RecordingCanvas final : public Canvas {
 public:
  struct Text {
    std::string words;
    Rect bounds;
    bool visible = true;  ///< false if the clip in force cuts any of it
  };
  struct Line {
    Point from;
    Point to;
    Stroke stroke;
  };

  void clear() { *this = RecordingCanvas(); }

  void line(Point from, Point to, Stroke stroke) override { lines.push_back({from, to, stroke}); }
  void polyline(std::span<const Point> points, Stroke) override {
    polylines.emplace_back(points.begin(), points.end());
  }
  void rect(const Rect& area, Stroke, float) override { fills.push_back(area); }
  void fill(const Rect& area, Color, float) override { fills.push_back(area); }
  void fill_polygon(std::span<const Point>, Color) override {}
  void fill_under(std::span<const Point>, float, Color) override {}
  void fill_circle(Point center, float, Color) override { circles.push_back(center); }

  void text(Point at, std::string_view words, const TextStyle& style) override {
    if (words.empty()) return;
    const Size size = measure(words, style);
    const float left = at.x - size.width * static_cast<float>(style.align) / 2;
    const float top = at.y - size.height * static_cast<float>(style.vertical) / 2;
    const Rect bounds{left, top, left + size.width, top + size.height};
    bool visible = true;
    for (const Rect& clip : clips_) {
      visible = visible && bounds.left >= clip.left && bounds.right <= clip.right &&
                bounds.top >= clip.top && bounds.bottom <= clip.bottom;
    }
    texts.push_back({std::string(words), bounds, visible});
  }
  [[nodiscard]] Size measure(std::string_view words, const TextStyle& style) const override {
    constexpr float kHeights[] = {11, 12.5F, 16};
    const float height = kHeights[static_cast<std::size_t>(style.size)];
    float characters = 0;
    for (const char byte : words) {
      characters += (static_cast<unsigned char>(byte) & 0xC0) != 0x80 ? 1 : 0;
    }
    return {characters * height * 0.6F, height};
  }

  void image(std::string_view, const Rect& area, const Image& picture) override {
    images.push_back(picture);
    fills.push_back(area);
  }
  void push_clip(const Rect& area) override { clips_.push_back(area); }
  void pop_clip() override { clips_.pop_back(); }

  /// Returns all texts drawn, joined by line ends.
  [[nodiscard]] std::string words() const {
    std::string all;
    for (const auto& one : texts) all += one.words + "\n";
    return all;
  }

  [[nodiscard]] std::size_t open_clips() const { return clips_.size(); }

  std::vector<Text> texts;
  std::vector<Line> lines;
  std::vector<std::vector<Point>> polylines;
  std::vector<Rect> fills;
  std::vector<Point> circles;
  std::vector<Image> images;

 private:
  std::vector<Rect> clips_;
};

}  // namespace sketchscope::test
