#include "gui/app/tour.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace sketchscope::app {
namespace {

constexpr float kTourWidthInUnits = 30;
/// Draws a button that runs an action, grey while the action is disabled.
void action_button(const widgets::ControlContext& context, const widgets::ActionTable& actions,
                   const char* name, const plot::Rect& area, std::string_view label,
                   widgets::Emphasis emphasis) {
  const widgets::Action& action = *actions.find(name);
  const bool enabled = action.is_enabled();
  ImGui::BeginDisabled(!enabled);
  const bool clicked =
      widgets::text_button(context, "Tour/" + action.name.substr(action.name.find('_') + 1), area,
                           label, enabled ? emphasis : widgets::Emphasis::plain, "");
  ImGui::EndDisabled();
  if (clicked && enabled) action.run();
}

float overlap(const plot::Rect& a, const plot::Rect& b) {
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
       "estimates lie above the truth in the panel beside it. A new width starts from estimates, "
       "so "
       "the run is made again under it.",
       "Make it narrow", "set sketch_width 64\nadvance 1\nclick rebuild\nwait idle\nadvance 40\n"},
      {"What it costs", "next-token-kl", "",
       "A twin with the full cache is fed the same tokens. The curve is the distance between its "
       "next-token distribution and this one's: zero until the cap is reached. Two settings can "
       "be compared step by step from the same prompt.",
       "Compare with a plain window", "click compare\nwait idle\nset policy window\nadvance 100\n"},
  }};
  return kPages;
}

plot::Rect tour_card_place(const plot::Rect& target, const plot::Rect& beside, plot::Size card,
                           const plot::Rect& window, float gap) {
  const std::array<plot::Point, 4> corners = {
      plot::Point{target.right + gap, target.top},
      plot::Point{target.left - gap - card.width, target.top},
      plot::Point{target.left, target.bottom + gap},
      plot::Point{target.left, target.top - gap - card.height}};
  const auto covered = [&](const plot::Rect& place) {
    return std::pair(overlap(place, target), overlap(place, beside));
  };
  std::optional<plot::Rect> best;
  for (const plot::Point corner : corners) {
    const float left = std::clamp(corner.x, window.left + gap,
                                  std::max(window.right - gap - card.width, window.left + gap));
    const float top = std::clamp(corner.y, window.top + gap,
                                 std::max(window.bottom - gap - card.height, window.top + gap));
    const plot::Rect place{left, top, left + card.width, top + card.height};
    if (!best || covered(place) < covered(*best)) best = place;
  }
  return *best;
}

void Tour::draw(const widgets::ControlContext& context, plot::Canvas& overlay,
                const widgets::ActionTable& actions, const plot::Rect& window) const {
  const plot::Theme& theme = context.theme;
  const float unit = theme.unit();
  const float pad = unit * 1.2F;
  const float width = std::min(unit * kTourWidthInUnits, window.width() * 0.6F);
  const std::string text(page().text);
  const float text_height = ImGui::CalcTextSize(text.c_str(), nullptr, false, width - 2 * pad).y;
  const auto item = context.items.find(page().panel);
  const plot::Rect target = item ? item->rect : window.inset(window.width() * 0.4F, 0);
  if (item) overlay.rect(target, {theme.accent, 2}, theme.rounding());
  const plot::Size size{width, text_height + pad * 2 + unit * 5.4F};
  const auto other = context.items.find(page().beside);
  const plot::Rect card =
      tour_card_place(target, other ? other->rect : plot::Rect{}, size, window, theme.gap());

  widgets::begin_card_window(context, "Tour", card);
  const float top = card.top + pad;
  context.canvas.text({card.left + pad, top}, page().title,
                      {.color = theme.text, .face = plot::Face::sans_bold});
  const float side = unit * 1.8F;
  const plot::Rect close{card.right - pad * 0.6F - side, card.top + pad * 0.6F,
                         card.right - pad * 0.6F, card.top + pad * 0.6F + side};
  if (widgets::icon_button(context, "Tour/close", close, widgets::Icon::close,
                           widgets::Emphasis::plain, true, "End the tour; the File menu has it")) {
    actions.run("tour_close");
  }
  ImGui::SetCursorScreenPos({card.left + pad, top + unit * 2});
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width - 2 * pad);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopTextWrapPos();

  const float bottom = card.bottom - pad;
  const float row = bottom - unit * 2.2F;
  const float small = unit * 4.6F;
  const plot::Rect next{card.right - pad - small, row, card.right - pad, bottom};
  const plot::Rect back{next.left - unit * 0.5F - small, row, next.left - unit * 0.5F, bottom};
  const float label = context.canvas.measure(page().button, {}).width + unit * 2;
  action_button(context, actions, "tour_show",
                {card.left + pad, row, card.left + pad + label, bottom}, page().button,
                widgets::Emphasis::accent);
  if (index() > 0)
    action_button(context, actions, "tour_back", back, "Back", widgets::Emphasis::plain);
  action_button(context, actions, "tour_next", next, is_last() ? "Done" : "Next",
                widgets::Emphasis::plain);
  context.canvas.text({close.left - unit, close.center().y},
                      std::to_string(index() + 1) + " / " + std::to_string(tour_pages().size()),
                      widgets::small_text_at_right(theme.faint));
  ImGui::End();
}

void Tour::draw_offer(const widgets::ControlContext& context, const widgets::ActionTable& actions,
                      const plot::Rect& area, const std::string& hint) {
  const plot::Theme& theme = context.theme;
  const float unit = theme.unit();
  const std::string_view words = "New here? Six pages show what there is to see.";
  const plot::TextStyle style{.color = theme.quiet, .vertical = plot::VerticalAlign::middle};
  const float pad = unit;
  const float small = unit * 6;
  const plot::TextStyle quieter{
      .color = theme.faint, .size = plot::TextSize::small, .vertical = plot::VerticalAlign::middle};
  const float width =
      std::max(context.canvas.measure(words, style).width + 2 * small + 3 * pad + unit * 0.5F,
               context.canvas.measure(hint, quieter).width + 2 * pad);
  const float right = area.right - theme.gap();
  const float bottom = area.bottom - theme.gap();
  const float hint_height = hint.empty() ? 0.0F : unit * 1.8F;
  const plot::Rect card{right - width, bottom - unit * 3.4F - hint_height, right, bottom};
  widgets::begin_card_window(context, "TourOffer", card);
  const float first_line = card.top + unit * 1.7F;
  context.canvas.text({card.left + pad, first_line}, words, style);
  context.canvas.text({card.left + pad, card.bottom - unit * 1.5F}, hint, quieter);
  plot::Rect place{card.right - pad - small, card.top + unit * 0.6F, card.right - pad,
                   first_line + unit * 1.1F};
  action_button(context, actions, "tour_decline", place, "No, thanks", widgets::Emphasis::plain);
  place.right = place.left - unit * 0.5F;
  place.left = place.right - small;
  if (widgets::text_button(context, "Tour/open", place, "Show me", widgets::Emphasis::plain, "")) {
    actions.run("tour");
  }
  ImGui::End();
}

}  // namespace sketchscope::app
