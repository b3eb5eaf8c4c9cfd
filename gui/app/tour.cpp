#include "gui/app/tour.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace sketchscope {
namespace {

constexpr float kTourWidthInUnits = 30;
constexpr ImGuiWindowFlags kTourCardFlags =
    ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoMove |
    ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoNav;

void begin_card(const char* name, const Rect& card) {
  ImGui::SetNextWindowPos({card.left, card.top});
  ImGui::SetNextWindowSize({card.width(), card.height()});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::Begin(name, nullptr, kTourCardFlags);
  ImGui::PopStyleVar();
}

void button(const ControlContext& context, const ActionTable& actions, const char* name,
            const Rect& area, std::string_view label, Emphasis emphasis) {
  const Action& action = *actions.find(name);
  const bool enabled = action.is_enabled();
  ImGui::BeginDisabled(!enabled);
  const bool clicked = text_button(context, "Tour/" + action.name.substr(action.name.find('_') + 1),
                                   area, label, enabled ? emphasis : Emphasis::plain, "");
  ImGui::EndDisabled();
  if (clicked && enabled) action.run();
}

float overlap(const Rect& a, const Rect& b) {
  const float width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const float height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  return std::max(width, 0.0F) * std::max(height, 0.0F);
}

}  // namespace

Rect tour_card_place(const Rect& target, const Rect& beside, Size card, const Rect& window,
                     float gap) {
  const std::array<Point, 4> corners = {
      Point{target.right + gap, target.top}, Point{target.left - gap - card.width, target.top},
      Point{target.left, target.bottom + gap}, Point{target.left, target.top - gap - card.height}};
  const auto covered = [&](const Rect& place) {
    return std::pair(overlap(place, target), overlap(place, beside));
  };
  std::optional<Rect> best;
  for (const Point corner : corners) {
    const float left = std::clamp(corner.x, window.left + gap,
                                  std::max(window.right - gap - card.width, window.left + gap));
    const float top = std::clamp(corner.y, window.top + gap,
                                 std::max(window.bottom - gap - card.height, window.top + gap));
    const Rect place{left, top, left + card.width, top + card.height};
    if (!best || covered(place) < covered(*best)) best = place;
  }
  return *best;
}

void Tour::draw(const ControlContext& context, Canvas& overlay, const ActionTable& actions,
                const Rect& window) const {
  const Theme& theme = context.theme;
  const float unit = theme.unit();
  const float pad = unit * 1.2F;
  const float width = std::min(unit * kTourWidthInUnits, window.width() * 0.6F);
  const std::string text(page().text);
  const float text_height = ImGui::CalcTextSize(text.c_str(), nullptr, false, width - 2 * pad).y;
  const auto item = context.items.find(page().panel);
  const Rect target = item ? item->rect : window.inset(window.width() * 0.4F, 0);
  if (item) overlay.rect(target, {theme.accent, 2}, theme.rounding());
  const Size size{width, text_height + pad * 2 + unit * 5.4F};
  const auto other = context.items.find(page().beside);
  const Rect card =
      tour_card_place(target, other ? other->rect : Rect{}, size, window, theme.gap());

  begin_card("Tour", card);
  context.items.note("Tour", card);
  const float top = card.top + pad;
  context.canvas.text({card.left + pad, top}, page().title,
                      {.color = theme.text, .face = Face::sans_bold});
  const float side = unit * 1.8F;
  const Rect close{card.right - pad * 0.6F - side, card.top + pad * 0.6F, card.right - pad * 0.6F,
                   card.top + pad * 0.6F + side};
  if (icon_button(context, "Tour/close", close, Icon::close, Emphasis::plain, true,
                  "End the tour; the File menu has it")) {
    actions.run("tour_close");
  }
  ImGui::SetCursorScreenPos({card.left + pad, top + unit * 2});
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width - 2 * pad);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopTextWrapPos();

  const float bottom = card.bottom - pad;
  const float row = bottom - unit * 2.2F;
  const float small = unit * 4.6F;
  const Rect next{card.right - pad - small, row, card.right - pad, bottom};
  const Rect back{next.left - unit * 0.5F - small, row, next.left - unit * 0.5F, bottom};
  const float deed = context.canvas.measure(page().deed, {}).width + unit * 2;
  button(context, actions, "tour_show", {card.left + pad, row, card.left + pad + deed, bottom},
         page().deed, Emphasis::accent);
  if (index() > 0) button(context, actions, "tour_back", back, "Back", Emphasis::plain);
  button(context, actions, "tour_next", next, is_last() ? "Done" : "Next", Emphasis::plain);
  context.canvas.text({close.left - unit, close.center().y},
                      std::to_string(index() + 1) + " / " + std::to_string(tour_pages().size()),
                      {.color = theme.faint,
                       .face = Face::mono,
                       .size = TextSize::small,
                       .align = Align::right,
                       .vertical = VerticalAlign::middle});
  ImGui::End();
}

void Tour::draw_offer(const ControlContext& context, const ActionTable& actions, const Rect& area) {
  const Theme& theme = context.theme;
  const float unit = theme.unit();
  const std::string_view words = "New here? Six pages show what there is to see.";
  const TextStyle style{.color = theme.quiet, .vertical = VerticalAlign::middle};
  const float pad = unit;
  const float small = unit * 6;
  const float width =
      context.canvas.measure(words, style).width + 2 * small + 3 * pad + unit * 0.5F;
  const float right = area.right - theme.gap();
  const float bottom = area.bottom - theme.gap();
  const Rect card{right - width, bottom - unit * 3.4F, right, bottom};
  begin_card("TourOffer", card);
  context.items.note("TourOffer", card);
  context.canvas.text({card.left + pad, card.center().y}, words, style);
  Rect place{card.right - pad - small, card.top + unit * 0.6F, card.right - pad,
             card.bottom - unit * 0.6F};
  button(context, actions, "tour_decline", place, "No, thanks", Emphasis::plain);
  place.right = place.left - unit * 0.5F;
  place.left = place.right - small;
  if (text_button(context, "Tour/open", place, "Show me", Emphasis::plain, "")) {
    actions.run("tour");
  }
  ImGui::End();
}

}  // namespace sketchscope
