#include "gui/widgets/controls.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "engine/core/text.hpp"

namespace sketchscope::widgets {
namespace {

/// Submits an invisible widget over `area`. Returns whether it was clicked.
bool hit(const ControlContext& context, std::string_view path, const plot::Rect& area,
         bool enabled) {
  ImGui::SetCursorScreenPos({area.left, area.top});
  ImGui::BeginDisabled(!enabled);
  const std::string id(path);
  const bool clicked = ImGui::InvisibleButton(id.c_str(), {area.width(), area.height()});
  ImGui::EndDisabled();
  context.items.note(path, area, enabled);
  return clicked;
}

void draw_button_face(const ControlContext& context, const plot::Rect& area, Emphasis emphasis,
                      bool enabled) {
  const plot::Theme& theme = context.theme;
  const bool hovered = enabled && ImGui::IsItemHovered();
  const float rounding = theme.rounding() * 0.8F;
  if (emphasis == Emphasis::accent && enabled) {
    context.canvas.fill(area, theme.accent.with_alpha(hovered ? 0.85 : 1), rounding);
    return;
  }
  context.canvas.fill(area, hovered ? theme.border : theme.control, rounding);
  context.canvas.rect(area, {theme.border}, rounding);
}

plot::Color button_ink(const plot::Theme& theme, Emphasis emphasis, bool enabled) {
  if (!enabled) return theme.faint;
  return emphasis == Emphasis::accent ? theme.on_accent : theme.text;
}

void draw_restart(plot::Canvas& canvas, plot::Point center, float radius, plot::Color color) {
  constexpr int kSegments = 24;
  constexpr double kOpening = 0.22 * std::numbers::pi;
  std::vector<plot::Point> arc;
  for (int i = 0; i <= kSegments; ++i) {
    const double angle =
        -std::numbers::pi / 2 + kOpening + (2 * std::numbers::pi - 2 * kOpening) * i / kSegments;
    arc.push_back({center.x + radius * static_cast<float>(std::cos(angle)),
                   center.y + radius * static_cast<float>(std::sin(angle))});
  }
  canvas.polyline(arc, {color, 1.6F});
  // The arrow head points counterclockwise along the arc.
  const plot::Point start = arc.front();
  const plot::Point outward{(start.x - center.x) / radius, (start.y - center.y) / radius};
  const plot::Point ahead{outward.y, -outward.x};
  const float length = radius * 0.9F;
  const float half = radius * 0.55F;
  const std::array<plot::Point, 3> arrow = {
      plot::Point{start.x + ahead.x * length, start.y + ahead.y * length},
      plot::Point{start.x + outward.x * half, start.y + outward.y * half},
      plot::Point{start.x - outward.x * half, start.y - outward.y * half}};
  canvas.fill_polygon(arrow, color);
}

void draw_icon(plot::Canvas& canvas, Icon icon, const plot::Rect& area, plot::Color color) {
  const plot::Point c = area.center();
  const float r = std::floor(std::min(area.width(), area.height()) * 0.2F);
  const auto triangle = [&](float base, float tip) {
    const std::array<plot::Point, 3> points = {plot::Point{base, c.y - r}, plot::Point{tip, c.y},
                                               plot::Point{base, c.y + r}};
    canvas.fill_polygon(points, color);
  };
  switch (icon) {
    case Icon::play:
      triangle(c.x - 0.7F * r, c.x + r);
      break;
    case Icon::pause:
      canvas.fill({c.x - r * 0.9F, c.y - r, c.x - r * 0.25F, c.y + r}, color);
      canvas.fill({c.x + r * 0.25F, c.y - r, c.x + r * 0.9F, c.y + r}, color);
      break;
    case Icon::step:
      triangle(c.x - 1.1F * r, c.x + 0.6F * r);
      canvas.fill({c.x + r * 0.75F, c.y - r, c.x + r * 1.15F, c.y + r}, color);
      break;
    case Icon::step_back:
      triangle(c.x + 1.1F * r, c.x - 0.6F * r);
      canvas.fill({c.x - r * 1.15F, c.y - r, c.x - r * 0.75F, c.y + r}, color);
      break;
    case Icon::restart:
      draw_restart(canvas, c, r * 1.15F, color);
      break;
    case Icon::close:
      canvas.line({c.x - r, c.y - r}, {c.x + r, c.y + r}, {color, 1.4F});
      canvas.line({c.x - r, c.y + r}, {c.x + r, c.y - r}, {color, 1.4F});
      break;
  }
}

}  // namespace

void ItemRegistry::note(std::string_view path, const plot::Rect& rect, bool enabled) {
  items_.insert_or_assign(std::string(path), Item{rect, frame_, enabled});
}

std::optional<Item> ItemRegistry::find(std::string_view path) const {
  const auto found = items_.find(path);
  if (found == items_.end() || found->second.frame + 1 < frame_) return std::nullopt;
  return found->second;
}

std::vector<std::string> ItemRegistry::nearest(std::string_view path, std::size_t count) const {
  std::vector<std::string_view> drawn;
  for (const auto& [name, item] : items_) {
    if (item.frame + 1 >= frame_) drawn.push_back(name);
  }
  const auto names = sketchscope::core::nearest(path, std::move(drawn), count);
  return {names.begin(), names.end()};
}

void note_widget(ItemRegistry& items, std::string_view path, bool enabled) {
  const ImVec2 low = ImGui::GetItemRectMin();
  const ImVec2 high = ImGui::GetItemRectMax();
  items.note(path, plot::Rect{low.x, low.y, high.x, high.y}, enabled);
}

bool icon_button(const ControlContext& context, std::string_view path, const plot::Rect& area,
                 Icon icon, Emphasis emphasis, bool enabled, std::string_view help) {
  const bool clicked = hit(context, path, area, enabled);
  draw_button_face(context, area, emphasis, enabled);
  draw_icon(context.canvas, icon, area, button_ink(context.theme, emphasis, enabled));
  help_on_hover(area, help);
  return clicked;
}

bool text_button(const ControlContext& context, std::string_view path, const plot::Rect& area,
                 std::string_view label, Emphasis emphasis, std::string_view help) {
  const bool clicked = hit(context, path, area, true);
  draw_button_face(context, area, emphasis, true);
  context.canvas.text(area.center(), label,
                      {.color = button_ink(context.theme, emphasis, true),
                       .align = plot::Align::center,
                       .vertical = plot::VerticalAlign::middle});
  help_on_hover(area, help);
  return clicked;
}

bool thin_slider(const ControlContext& context, std::string_view path, const plot::Rect& area,
                 double& share, std::string_view help) {
  const plot::Theme& theme = context.theme;
  hit(context, path, area, true);
  const bool held = ImGui::IsItemActive();
  const float grab = theme.unit() * 0.65F;
  const float travel = std::max(area.width() - grab, 1.0F);
  bool moved = false;
  if (held) {
    const double wanted = (ImGui::GetIO().MousePos.x - area.left - grab / 2) / travel;
    const double clamped = std::clamp(wanted, 0.0, 1.0);
    moved = clamped != share;
    share = clamped;
  }
  const float middle = area.center().y;
  const float at = area.left + static_cast<float>(std::clamp(share, 0.0, 1.0)) * travel;
  const float half = 1.5F;
  context.canvas.fill({area.left, middle - half, area.right, middle + half}, theme.faint, half);
  context.canvas.fill({area.left, middle - half, at, middle + half}, theme.accent, half);
  context.canvas.fill({at, middle - theme.unit() * 0.62F, at + grab, middle + theme.unit() * 0.62F},
                      held ? theme.accent : theme.text, theme.unit() * 0.25F);
  if (!held) help_on_hover(area, help);
  return moved;
}

void help_on_hover(const plot::Rect& area, std::string_view help) {
  constexpr float kWidthInUnits = 28;
  if (help.empty() || !ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows)) return;
  if (!ImGui::IsMouseHoveringRect({area.left, area.top}, {area.right, area.bottom})) return;
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(ImGui::GetFontSize() * kWidthInUnits);
  ImGui::TextUnformatted(help.data(), help.data() + help.size());
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

void begin_card_window(const ControlContext& context, const std::string& path,
                       const plot::Rect& card) {
  ImGui::SetNextWindowPos({card.left, card.top});
  ImGui::SetNextWindowSize({card.width(), card.height()});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::Begin(path.c_str(), nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoFocusOnAppearing |
                   ImGuiWindowFlags_NoNav);
  ImGui::PopStyleVar();
  context.items.note(path, card);
}

}  // namespace sketchscope::widgets
