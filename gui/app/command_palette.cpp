#include "gui/app/command_palette.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>

#include "gui/platform/keyboard.hpp"

namespace sketchscope {
namespace {

/// Draws a line with title, help and key. Returns whether it was clicked.
bool draw_action_line(const ControlContext& context, const Action& action, bool chosen) {
  const Theme& theme = context.theme;
  const float height = theme.unit() * 2;
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const bool enabled = action.is_enabled();
  ImGui::BeginDisabled(!enabled);
  const bool clicked = ImGui::Selectable(("##" + action.name).c_str(), chosen, 0, {width, height});
  ImGui::EndDisabled();
  const Rect line{start.x, start.y, start.x + width, start.y + height};
  context.items.note("Palette/" + action.name, line, enabled);

  const float middle = line.center().y;
  const float pad = theme.unit() * 0.5F;
  const TextStyle title{.color = enabled ? theme.text : theme.faint,
                        .vertical = VerticalAlign::middle};
  context.canvas.text({line.left + pad, middle}, action.title, title);
  float right = line.right - pad;
  if (action.key) {
    const TextStyle key{.color = theme.quiet,
                        .face = Face::mono,
                        .size = TextSize::small,
                        .align = Align::right,
                        .vertical = VerticalAlign::middle};
    context.canvas.text({right, middle}, chord_text(*action.key), key);
    right -= context.canvas.measure(chord_text(*action.key), key).width + theme.unit();
  }
  const float help_left =
      line.left + pad + context.canvas.measure(action.title, title).width + theme.unit();
  const Clip clip(context.canvas, {help_left, line.top, std::max(right, help_left), line.bottom});
  context.canvas.text(
      {help_left, middle}, action.help,
      {.color = theme.faint, .size = TextSize::small, .vertical = VerticalAlign::middle});
  return clicked;
}

}  // namespace

void CommandPalette::open() {
  popup_.open();
  query_.clear();
  chosen_ = 0;
}

void CommandPalette::draw(const ControlContext& context, const ActionTable& actions,
                          const Rect& window) {
  if (!popup_.begin(context.theme, window)) return;
  if (popup_.takes_keyboard()) ImGui::SetKeyboardFocusHere();

  ImGui::SetNextItemWidth(-1);
  if (ImGui::InputTextWithHint("##query", "Search actions", &query_)) chosen_ = 0;
  const ImVec2 low = ImGui::GetItemRectMin();
  const ImVec2 high = ImGui::GetItemRectMax();
  context.items.note("Palette/query", {low.x, low.y, high.x, high.y});

  auto found = actions.search(query_);
  std::ranges::stable_partition(found, &Action::is_enabled);
  const int count = static_cast<int>(found.size());
  if (is_key_pressed(Key::down)) ++chosen_;
  if (is_key_pressed(Key::up)) --chosen_;
  chosen_ = std::clamp(chosen_, 0, std::max(count - 1, 0));
  const bool enter = is_key_pressed(Key::enter);
  const bool moved = is_key_pressed(Key::down) || is_key_pressed(Key::up);

  const Action* run = nullptr;
  ImGui::BeginChild("list");
  for (int i = 0; i < count; ++i) {
    const Action& action = *found[static_cast<std::size_t>(i)];
    const bool chosen = i == chosen_;
    if (draw_action_line(context, action, chosen) || (chosen && enter)) run = &action;
    if (chosen && moved) ImGui::SetScrollHereY();
  }
  if (found.empty()) ImGui::TextDisabled("No action has these words.");
  ImGui::EndChild();

  const bool chosen_one = run != nullptr && run->is_enabled();
  if (chosen_one || is_key_pressed(Key::escape)) popup_.close();
  Popup::end();
  // The action runs last, since it may open this palette or another popup.
  if (chosen_one) run->run();
}

}  // namespace sketchscope
