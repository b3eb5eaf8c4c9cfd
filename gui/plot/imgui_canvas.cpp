#include "gui/plot/imgui_canvas.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "gui/plot/canvas.hpp"
#include "gui/plot/line_pieces.hpp"

namespace sketchscope::plot {
namespace {

ImVec2 vector(Point point) {
  return {point.x, point.y};
}

ImU32 packed(Color color) {
  return IM_COL32(color.red, color.green, color.blue, color.alpha);
}

const ImVec2* vectors(std::span<const Point> points) {
  static_assert(sizeof(Point) == sizeof(ImVec2));
  return reinterpret_cast<const ImVec2*>(points.data());
}

/// Returns the first points that one ImGui call can draw: limited by 16-bit indices, and by
/// reversals of direction, at which ImGui's joints cut off the tip.
std::span<const Point> joined_piece(std::span<const Point> points) {
  std::size_t count = 2;
  while (count < std::min(points.size(), kMaximumLinePoints)) {
    const Point before = points[count - 2];
    const Point at = points[count - 1];
    const Point after = points[count];
    const float along = (at.x - before.x) * (after.x - at.x) + (at.y - before.y) * (after.y - at.y);
    if (along < 0) break;
    ++count;
  }
  return points.first(count);
}

/// The picture of a line's profile in the font texture, with a pixel of air on either side.
struct LineTexture {
  ImVec2 one_side;
  ImVec2 other_side;
};

LineTexture line_texture(float width) {
  const auto whole = static_cast<std::size_t>(std::ceil(width));
  const ImVec4& place = ImGui::GetIO().Fonts->TexUvLines[whole];
  return {{place.x, place.y}, {place.z, place.w}};
}

bool has_line_texture(float width) {
  return width <= IM_DRAWLIST_TEX_LINES_WIDTH_MAX;
}

/// Draws each segment of a line by itself, without joints, all in one go: a line that turns back at
/// each of its points has one piece a segment, and a call for each would cost more than drawing it.
void add_segments(ImDrawList& list, std::span<const Point> points, Stroke stroke) {
  const LineTexture texture = line_texture(stroke.width);
  const ImU32 color = packed(stroke.color);
  const float half = stroke.width / 2 + 1;  // with the texture's air
  const auto segments = static_cast<int>(points.size()) - 1;
  list.PrimReserve(6 * segments, 4 * segments);
  for (std::size_t i = 1; i < points.size(); ++i) {
    const Point from = points[i - 1];
    const Point to = points[i];
    const Point along{to.x - from.x, to.y - from.y};
    // Pixels are far from where squares overflow, which std::hypot guards against.
    const float length = std::sqrt(along.x * along.x + along.y * along.y);
    const float across = length > 0 ? half / length : 0;
    const float x = along.y * across;
    const float y = -along.x * across;
    list.PrimQuadUV({from.x + x, from.y + y}, {to.x + x, to.y + y}, {to.x - x, to.y - y},
                    {from.x - x, from.y - y}, texture.one_side, texture.one_side,
                    texture.other_side, texture.other_side, color);
  }
}

/// ImGui takes the rounding of a rectangle down to half a side less a pixel. What then remains just
/// above 0 has no segments in its table, and it divides by their number.
constexpr float kLeastRounding = 0.01F;

float largest_rounding(float width, float height) {
  return std::min(width, height) / 2 - 1;
}

float fill_rounding(const Rect& rect, float rounding) {
  const float largest = largest_rounding(rect.width(), rect.height());
  return largest > 0 && largest < kLeastRounding ? 0 : drawable_radius(rounding);
}

/// An outline is drawn half a pixel further inside, which may round to either side of 0.
float outline_rounding(const Rect& rect, float rounding) {
  const float largest = largest_rounding(rect.width() - 1, rect.height() - 1);
  return std::abs(largest) < kLeastRounding ? 0 : drawable_radius(rounding);
}

}  // namespace

ImDrawList& ImGuiCanvas::list() const {
  return layer_ == CanvasLayer::window ? *ImGui::GetWindowDrawList()
                                       : *ImGui::GetForegroundDrawList();
}

void ImGuiCanvas::line(Point from, Point to, Stroke stroke) {
  if (!is_drawable(from) || !is_drawable(to)) return;
  const bool straight = from.x == to.x || from.y == to.y;
  // Vertical and horizontal lines are snapped to pixels, as anti-aliasing would blur them.
  if (from.x == to.x) from.x = to.x = std::floor(from.x);
  if (from.y == to.y) from.y = to.y = std::floor(from.y);
  const std::array<Point, 2> points = {from, to};
  if (stroke.dash != Dash::solid) return polyline(points, stroke);
  Stroke wide = scaled(stroke);
  if (straight && stroke_scale_ != 1) wide.width = std::max(std::round(wide.width), 1.0F);
  list().AddLine(vector(from), vector(to), packed(wide.color), wide.width);
}

void ImGuiCanvas::polyline(std::span<const Point> points, Stroke stroke) {
  for_each_drawable(points, [&](std::span<const Point> part) {
    for_each_dash(part, scaled(stroke),
                  [&](std::span<const Point> dash) { draw_pieces(dash, scaled(stroke)); });
  });
}

void ImGuiCanvas::draw_pieces(std::span<const Point> points, Stroke stroke) {
  std::size_t single = 0;  // the first point of segments that are pieces by themselves
  std::size_t first = 0;
  const auto add_singles = [&] {
    if (first > single) add_segments(list(), points.subspan(single, first - single + 1), stroke);
  };
  while (first + 1 < points.size()) {
    const auto piece = joined_piece(points.subspan(first));
    const bool is_single = piece.size() == 2 && has_line_texture(stroke.width) &&
                           first - single < kMaximumLinePoints - 2;
    if (!is_single) {
      add_singles();
      list().AddPolyline(vectors(piece), static_cast<int>(piece.size()), packed(stroke.color),
                         ImDrawFlags_None, stroke.width);
    }
    first += piece.size() - 1;
    if (!is_single) single = first;
  }
  add_singles();
}

void ImGuiCanvas::rect(const Rect& rect, Stroke stroke, float rounding) {
  if (!is_drawable(rect)) return;
  list().AddRect({rect.left, rect.top}, {rect.right, rect.bottom}, packed(stroke.color),
                 outline_rounding(rect, rounding), ImDrawFlags_None, scaled(stroke).width);
}

void ImGuiCanvas::fill(const Rect& rect, Color color, float rounding) {
  if (!is_drawable(rect)) return;
  list().AddRectFilled({rect.left, rect.top}, {rect.right, rect.bottom}, packed(color),
                       fill_rounding(rect, rounding));
}

void ImGuiCanvas::fill_polygon(std::span<const Point> points, Color color) {
  if (points.size() < 3 || !are_drawable(points)) return;
  list().AddConvexPolyFilled(vectors(points), static_cast<int>(points.size()), packed(color));
}

void ImGuiCanvas::fill_between(std::span<const Point> line, std::span<const Point> other,
                               Color color) {
  // Strips are drawn without anti-aliasing, which would leave seams between them.
  ImDrawList& draw = list();
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  for_each_drawable_strip(line, other, [&](std::span<const Point> one, std::span<const Point> two) {
    const auto strips = static_cast<int>(one.size()) - 1;
    draw.PrimReserve(6 * strips, 4 * strips);
    for (std::size_t i = 1; i < one.size(); ++i) {
      draw.PrimQuadUV(vector(one[i - 1]), vector(one[i]), vector(two[i]), vector(two[i - 1]), white,
                      white, white, white, packed(color));
    }
  });
}

void ImGuiCanvas::fill_circle(Point center, float radius, Color color) {
  if (!is_drawable(center) || drawable_radius(radius) == 0) return;
  list().AddCircleFilled(vector(center), radius, packed(color));
}

Size ImGuiCanvas::measure(std::string_view text, const TextStyle& style) const {
  const ImFont* font = fonts_.get(style.face, style.size);
  if (font == nullptr) return {};  // before the fonts are loaded
  constexpr float kNoWrap = 0;
  const ImVec2 size =
      font->CalcTextSizeA(font->FontSize, 1e9F, kNoWrap, text.data(), text.data() + text.size());
  return {size.x, size.y};
}

void ImGuiCanvas::text(Point at, std::string_view text, const TextStyle& style) {
  const ImFont* font = fonts_.get(style.face, style.size);
  if (text.empty() || font == nullptr || !is_drawable(at)) return;
  if (style.align != Align::left || style.vertical != VerticalAlign::top) {
    const Size size = measure(text, style);
    at.x -= size.width * static_cast<float>(style.align) / 2;
    at.y -= size.height * static_cast<float>(style.vertical) / 2;
  }
  list().AddText(font, font->FontSize, {std::round(at.x), std::round(at.y)}, packed(style.color),
                 text.data(), text.data() + text.size());
}

void ImGuiCanvas::image(std::string_view key, const Rect& rect, const Image& image) {
  if (image.width <= 0 || image.height <= 0 || rect.width() <= 0 || rect.height() <= 0) return;
  if (!is_drawable(rect)) return;
  const auto texture = reinterpret_cast<ImTextureID>(textures_.upload(key, image));
  list().AddImage(texture, {rect.left, rect.top}, {rect.right, rect.bottom});
}

void ImGuiCanvas::image_parts(std::string_view key, const Image& sheet,
                              std::span<const ImagePart> parts) {
  if (sheet.width <= 0 || sheet.height <= 0 || parts.empty()) return;
  const auto texture = reinterpret_cast<ImTextureID>(textures_.upload(key, sheet));
  for (const ImagePart& part : parts) {
    // Cut by hand: a clip for each part would be a draw call for each.
    const Rect& place = part.place;
    const Rect seen{std::max(place.left, part.clip.left), std::max(place.top, part.clip.top),
                    std::min(place.right, part.clip.right),
                    std::min(place.bottom, part.clip.bottom)};
    if (!is_drawable(place) || !(seen.width() > 0) || !(seen.height() > 0)) continue;
    const float wide = static_cast<float>(part.width) / place.width();
    const float high = static_cast<float>(part.height) / place.height();
    const auto texel = [&](float x, float y) {
      return ImVec2((static_cast<float>(part.column) + (x - place.left) * wide) /
                        static_cast<float>(sheet.width),
                    (static_cast<float>(part.row) + (y - place.top) * high) /
                        static_cast<float>(sheet.height));
    };
    list().AddImage(texture, {seen.left, seen.top}, {seen.right, seen.bottom},
                    texel(seen.left, seen.top), texel(seen.right, seen.bottom));
  }
}

void ImGuiCanvas::push_clip(const Rect& rect) {
  // A clip without a place hides everything, as nothing in it has a place either.
  const Rect clip = is_drawable(rect) ? rect : Rect{};
  list().PushClipRect({clip.left, clip.top}, {clip.right, clip.bottom}, true);
}

void ImGuiCanvas::pop_clip() {
  list().PopClipRect();
}

}  // namespace sketchscope::plot
