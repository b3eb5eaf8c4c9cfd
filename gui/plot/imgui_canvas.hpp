#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gui/plot/canvas.hpp"

struct ImFont;
struct ImDrawList;

namespace sketchscope::plot {

/// The loaded fonts by face and size. A widget in another face than the default (sans, normal) uses
/// `ImGui::PushFont(fonts.get(Face::mono, TextSize::normal))`.
struct Fonts {
  static constexpr std::size_t kFaces = 3;
  static constexpr std::size_t kSizes = 3;
  std::array<std::array<ImFont*, kSizes>, kFaces> by_face_and_size{};

  [[nodiscard]] ImFont* get(Face face, TextSize size) const {
    return by_face_and_size[static_cast<std::size_t>(face)][static_cast<std::size_t>(size)];
  }
};

/// Stores the pictures of plots as textures.
class TextureStore {
 public:
  virtual ~TextureStore() = default;

  /// Uploads `image` under `key`, replacing the former one, without interpolation. Returns ImGui's
  /// texture handle, which stays valid until a picture of another size replaces it.
  virtual std::uintptr_t upload(std::string_view key, const Image& image) = 0;
};

/// The layer in which an ImGuiCanvas draws.
enum class CanvasLayer : std::uint8_t { window, foreground };

/// A canvas on ImGui, which draws into the current window of each call or above all windows.
class ImGuiCanvas final : public Canvas {
 public:
  ImGuiCanvas(const Fonts& fonts, TextureStore& textures, CanvasLayer layer)
      : fonts_(fonts), textures_(textures), layer_(layer) {}

  /// Sets the factor of the width of all strokes (Theme::stroke_scale).
  void set_stroke_scale(float scale) { stroke_scale_ = scale; }

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
  void image_parts(std::string_view key, const Image& sheet,
                   std::span<const ImagePart> parts) override;
  void push_clip(const Rect& rect) override;
  void pop_clip() override;

 private:
  [[nodiscard]] ImDrawList& list() const;
  [[nodiscard]] Stroke scaled(Stroke stroke) const {
    return {stroke.color, stroke.width * stroke_scale_, stroke.dash};
  }
  void draw_pieces(std::span<const Point> points, Stroke stroke);

  const Fonts& fonts_;
  TextureStore& textures_;
  CanvasLayer layer_;
  float stroke_scale_ = 1;
};

}  // namespace sketchscope::plot
