#include "gui/app/tour.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace sketchscope {
namespace {

constexpr float kTourWidthInUnits = 30;
/// Draws a button that runs an action, grey while the action is disabled.
void action_button(const ControlContext& context, const ActionTable& actions, const char* name,
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

std::span<const TourPage> tour_pages() {
  static constexpr std::array<TourPage, 6> kPages = {{
      {"A model that writes, and forgets", "text", "",
       "The model writes one token after the other. Of every token it keeps a key and a value in "
       "each layer. The line under a word says in how many layers they are still stored; a grey "
       "word has left them all.",
       "Write 40 tokens", "set max_cache_size 128\nclick restart\nwait idle\nadvance 40\n"},
      {"What each layer still holds", "occupancy", "",
       "A row is a layer, a column a position of the text. Gold are the sinks, which are never "
       "evicted, green the most recent positions, blue what earned its place. Once the cap is "
       "reached, every new token takes the slot of another: orange, in this step.",
       "Fill the cache", "advance 60\n"},
      {"Turn a knob while it runs", "knobs", "timeline",
       "Every knob acts at the next step, unless it says otherwise. With a lower cap the surplus "
       "leaves at once. The change is marked on all time axes, so that a jump in a curve has its "
       "reason beside it.",
       "Halve the cap", "set max_cache_size 64\nadvance 30\n"},
      {"Why was this one evicted?", "evictions", "why",
       "Each line is an eviction: its score as the policy saw it, the exact one, the margin to the "
       "next candidate, and how much attention it would have had since. A click on a line explains "
       "it in the panel at the lower left.",
       "Explain one", "click evictions 0.4 0.4\n"},
      {"The sketch behind the scores", "sketch", "accuracy",
       "The policy does not count exactly: it adds attention into a few rows of counters that many "
       "positions share. The narrower the rows, the more positions collide, and the further their "
       "estimates lie above the truth in the panel beside it.",
       "Make it narrow", "set sketch_width 64\nadvance 40\n"},
      {"What it costs", "next-token-kl", "",
       "A twin with the full cache is fed the same tokens. The curve is the distance between its "
       "next-token distribution and this one's: zero until the cap is reached. Two settings can "
       "be compared step by step from the same prompt.",
       "Compare with a plain window", "click compare\nwait idle\nset policy window\nadvance 100\n"},
  }};
  return kPages;
}

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

  begin_card_window(context, "Tour", card);
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
  const float label = context.canvas.measure(page().button, {}).width + unit * 2;
  action_button(context, actions, "tour_show",
                {card.left + pad, row, card.left + pad + label, bottom}, page().button,
                Emphasis::accent);
  if (index() > 0) action_button(context, actions, "tour_back", back, "Back", Emphasis::plain);
  action_button(context, actions, "tour_next", next, is_last() ? "Done" : "Next", Emphasis::plain);
  context.canvas.text({close.left - unit, close.center().y},
                      std::to_string(index() + 1) + " / " + std::to_string(tour_pages().size()),
                      small_text_at_right(theme.faint));
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
  begin_card_window(context, "TourOffer", card);
  context.canvas.text({card.left + pad, card.center().y}, words, style);
  Rect place{card.right - pad - small, card.top + unit * 0.6F, card.right - pad,
             card.bottom - unit * 0.6F};
  action_button(context, actions, "tour_decline", place, "No, thanks", Emphasis::plain);
  place.right = place.left - unit * 0.5F;
  place.left = place.right - small;
  if (text_button(context, "Tour/open", place, "Show me", Emphasis::plain, "")) {
    actions.run("tour");
  }
  ImGui::End();
}

}  // namespace sketchscope
