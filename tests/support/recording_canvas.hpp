#pragma once

#include <string>
#include <vector>

#include "gui/plot/canvas.hpp"

namespace sketchscope::test {

/// A canvas that records drawing calls. The width of a character is 0.6 of the height, as in the
/// mono face.
class RecordingCanvas final : public plot::Canvas {
 public:
  struct Text {
    std::string words;
    plot::Rect bounds;
    bool visible = true;  ///< false if the clip in force cuts any of it
    plot::Color color = {};
  };
  struct Line {
    plot::Point from;
    plot::Point to;
    plot::Stroke stroke;
  };

  void clear() { *this = RecordingCanvas(); }

  void line(plot::Point from, plot::Point to, plot::Stroke stroke) override {
    lines.push_back({from, to, stroke});
  }
  void polyline(std::span<const plot::Point> points, plot::Stroke) override {
    polylines.emplace_back(points.begin(), points.end());
  }
  void rect(const plot::Rect& area, plot::Stroke, float) override { fills.push_back(area); }
  void fill(const plot::Rect& area, plot::Color, float) override { fills.push_back(area); }
  void fill_polygon(std::span<const plot::Point>, plot::Color) override {}
  void fill_between(std::span<const plot::Point>, std::span<const plot::Point>,
                    plot::Color) override {}
  void fill_circle(plot::Point center, float, plot::Color) override { circles.push_back(center); }

  void text(plot::Point at, std::string_view words, const plot::TextStyle& style) override {
    if (words.empty()) return;
    const plot::Size size = measure(words, style);
    const float left = at.x - size.width * static_cast<float>(style.align) / 2;
    const float top = at.y - size.height * static_cast<float>(style.vertical) / 2;
    const plot::Rect bounds{left, top, left + size.width, top + size.height};
    bool visible = true;
    for (const plot::Rect& clip : clips_) {
      visible = visible && bounds.left >= clip.left && bounds.right <= clip.right &&
                bounds.top >= clip.top && bounds.bottom <= clip.bottom;
    }
    texts.push_back({std::string(words), bounds, visible, style.color});
  }
  [[nodiscard]] plot::Size measure(std::string_view words,
                                   const plot::TextStyle& style) const override {
    constexpr float kHeights[] = {11, 12.5F, 16};
    const float height = kHeights[static_cast<std::size_t>(style.size)];
    float characters = 0;
    for (const char byte : words) {
      characters += (static_cast<unsigned char>(byte) & 0xC0) != 0x80 ? 1 : 0;
    }
    return {characters * height * 0.6F, height};
  }

  void image(std::string_view, const plot::Rect& area, const plot::Image& picture) override {
    images.push_back(picture);
    fills.push_back(area);
  }
  void push_clip(const plot::Rect& area) override { clips_.push_back(area); }
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
  std::vector<std::vector<plot::Point>> polylines;
  std::vector<plot::Rect> fills;
  std::vector<plot::Point> circles;
  std::vector<plot::Image> images;

 private:
  std::vector<plot::Rect> clips_;
};

}  // namespace sketchscope::test
