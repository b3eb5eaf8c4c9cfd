#include "gui/app/overlays.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gui/panels/panel_text.hpp"
#include "gui/platform/keyboard.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::app {
namespace {

/// Draws a line with title, help and key. Returns whether it was clicked.
bool draw_action_line(const widgets::ControlContext& context, const widgets::Action& action,
                      bool chosen) {
  const plot::Theme& theme = context.theme;
  const float height = theme.unit() * 2;
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const bool enabled = action.is_enabled();
  ImGui::BeginDisabled(!enabled);
  const bool clicked = ImGui::Selectable(("##" + action.name).c_str(), chosen, 0, {width, height});
  ImGui::EndDisabled();
  const plot::Rect line{start.x, start.y, start.x + width, start.y + height};
  context.items.note("Palette/" + action.name, line, enabled);

  const float middle = line.center().y;
  const float pad = theme.unit() * 0.5F;
  const plot::TextStyle title{.color = enabled ? theme.text : theme.faint,
                              .vertical = plot::VerticalAlign::middle};
  context.canvas.text({line.left + pad, middle}, action.title, title);
  float right = line.right - pad;
  if (action.key) {
    const plot::TextStyle key = widgets::small_text_at_right(theme.quiet);
    context.canvas.text({right, middle}, widgets::chord_text(*action.key), key);
    right -= context.canvas.measure(widgets::chord_text(*action.key), key).width + theme.unit();
  }
  const float help_left =
      line.left + pad + context.canvas.measure(action.title, title).width + theme.unit();
  const plot::TextStyle help{
      .color = theme.faint, .size = plot::TextSize::small, .vertical = plot::VerticalAlign::middle};
  context.canvas.text({help_left, middle},
                      panels::fitted_text(context.canvas, action.help, help, right - help_left),
                      help);
  widgets::help_on_hover(line, action.help);
  return clicked;
}

std::string line_of(const NoticeBoard::Entry& entry) {
  return entry.text + (entry.times > 1 ? "  (" + std::to_string(entry.times) + " times)" : "");
}

void draw_lines(const widgets::ControlContext& context, const NoticeBoard& notices) {
  const plot::Theme& theme = context.theme;
  const float indent = theme.unit();
  for (const NoticeBoard::Entry& entry : notices.log() | std::views::reverse) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const bool error = entry.kind == run::Notice::Kind::error;
    context.canvas.fill({at.x, at.y + theme.unit() * 0.15F, at.x + 3, at.y + theme.unit() * 1.1F},
                        error ? theme.bad : theme.accent);
    ImGui::Indent(indent);
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(line_of(entry).c_str());
    ImGui::PopTextWrapPos();
    ImGui::Unindent(indent);
    ImGui::Spacing();
  }
}

void draw_copy(const widgets::ControlContext& context, const NoticeBoard& notices) {
  if (ImGui::Button("Copy all")) {
    std::string all;
    for (const NoticeBoard::Entry& entry : notices.log()) all += line_of(entry) + "\n";
    ImGui::SetClipboardText(all.c_str());
  }
  widgets::note_widget(context.items, "Messages/copy");
}

/// Returns an action's title in the menu of its panel, which need not name the panel again.
std::string title_in_menu(const std::string& title) {
  const std::size_t colon = title.find(": ");
  if (colon == std::string::npos) return title;
  std::string rest = title.substr(colon + 2);
  if (!rest.empty()) rest.front() = static_cast<char>(std::toupper(rest.front()));
  return rest;
}

/// What the mouse does, for the sheet of shortcuts.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kGestures = {
    {{"wheel", "Zoom all axes of steps or of positions, or scroll a list"},
     {"drag", "Move a zoomed axis"},
     {"double click", "Show all steps or positions again; on a title, that panel alone"},
     {"click", "Lock a step or a position, choose a layer"},
     {"drag a title", "Move a card, also as a tab"},
     {"drag a border", "Change the size of cards"},
     {"Shift and drag", "Turn a knob when it is let go"}}};

/// Returns whether the mouse opens the menu of a panel's card in this frame.
bool opens_menu(const widgets::ItemRegistry& items, const std::string& panel) {
  const auto hovered = [&](const char* part) {
    const auto item = items.find(panel + part);
    return item && ImGui::IsMouseHoveringRect({item->rect.left, item->rect.top},
                                              {item->rect.right, item->rect.bottom}, false);
  };
  // Another open popup blocks the mouse from the cards.
  if (widgets::Popup::any_is_open()) return false;
  return (ImGui::IsMouseReleased(ImGuiMouseButton_Left) && hovered("/menu")) ||
         (ImGui::IsMouseReleased(ImGuiMouseButton_Right) && hovered("/title"));
}

/// Draws the sheet of all actions that have a shortcut.
void draw_shortcuts(widgets::Popup& popup, const widgets::ControlContext& context,
                    const widgets::ActionTable& actions, const plot::Rect& window) {
  if (!popup.begin(context.theme, window)) return;
  ImGui::TextUnformatted("Shortcuts");
  context.items.note("Shortcuts/sheet", {0, 0, ImGui::GetWindowWidth(), context.theme.unit()});
  ImGui::Separator();
  ImGui::Columns(2, "keys", false);
  for (const widgets::Action& action : actions.all()) {
    if (!action.key) continue;
    ImGui::PushFont(context.fonts.get(plot::Face::mono, plot::TextSize::small));
    ImGui::TextDisabled("%-13s", widgets::chord_text(*action.key).c_str());
    ImGui::PopFont();
    ImGui::SameLine();
    ImGui::TextUnformatted(action.title.c_str());
    ImGui::NextColumn();
  }
  ImGui::Columns(1);
  ImGui::Separator();
  for (const auto& [gesture, effect] : kGestures) {
    ImGui::PushFont(context.fonts.get(plot::Face::mono, plot::TextSize::small));
    ImGui::TextDisabled("%-15s", gesture.data());
    ImGui::PopFont();
    ImGui::SameLine();
    ImGui::TextUnformatted(effect.data());
  }
  popup.end(false);
}

/// Draws the list of the latest messages, newest first, including faded and dismissed ones.
void draw_messages(widgets::Popup& popup, const widgets::ControlContext& context,
                   const NoticeBoard& notices, const plot::Rect& window) {
  if (!popup.begin(context.theme, window)) return;
  ImGui::TextUnformatted("Messages");
  const ImVec2 corner = ImGui::GetWindowPos();
  const ImVec2 size = ImGui::GetWindowSize();
  context.items.note("Messages/sheet", {corner.x, corner.y, corner.x + size.x, corner.y + size.y});
  ImGui::Separator();
  if (notices.log().empty()) {
    ImGui::TextDisabled("Nothing was said so far");
  } else {
    draw_lines(context, notices);
    draw_copy(context, notices);
  }
  popup.end(false);
}

}  // namespace

void CommandPalette::open() {
  popup_.open();
  query_.clear();
  chosen_ = 0;
}

void CommandPalette::draw(const widgets::ControlContext& context,
                          const widgets::ActionTable& actions, const plot::Rect& window) {
  if (!popup_.begin(context.theme, window)) return;
  if (popup_.takes_keyboard()) ImGui::SetKeyboardFocusHere();

  ImGui::SetNextItemWidth(-1);
  if (ImGui::InputTextWithHint("##query", "Search actions", &query_)) chosen_ = 0;
  widgets::note_widget(context.items, "Palette/query");

  auto found = actions.search(query_);
  std::ranges::stable_partition(found, &widgets::Action::is_enabled);
  const int count = static_cast<int>(found.size());
  if (platform::is_key_pressed(platform::Key::down)) ++chosen_;
  if (platform::is_key_pressed(platform::Key::up)) --chosen_;
  chosen_ = std::clamp(chosen_, 0, std::max(count - 1, 0));
  const bool enter = platform::is_key_pressed(platform::Key::enter);
  const bool moved =
      platform::is_key_pressed(platform::Key::down) || platform::is_key_pressed(platform::Key::up);

  const widgets::Action* run = nullptr;
  ImGui::BeginChild("list");
  for (int i = 0; i < count; ++i) {
    const widgets::Action& action = *found[static_cast<std::size_t>(i)];
    const bool chosen = i == chosen_;
    if (draw_action_line(context, action, chosen) || (chosen && enter)) run = &action;
    if (chosen && moved) ImGui::SetScrollHereY();
  }
  if (found.empty()) ImGui::TextDisabled("No action has these words.");
  ImGui::EndChild();

  const bool chosen_one = run != nullptr && run->is_enabled();
  popup_.end(chosen_one);
  // The action runs last, since it may open this palette or another popup.
  if (chosen_one) run->run();
}

void Overlays::add_actions(widgets::ActionTable& actions) {
  actions.add(
      "palette", "Search actions", "Everything that can be done, by name",
      {.key = widgets::control_key('P'), .only_opens = true, .run = [this] { palette_.open(); }});
  actions.add("shortcuts", "Shortcuts", "Every key on one sheet",
              {.key = widgets::plain_key(platform::Key::f1), .only_opens = true, .run = [this] {
                 shortcuts_.open();
               }});
  actions.add("messages", "Messages", "The latest that was said, dismissed or not",
              {.key = widgets::plain_key(platform::Key::f2), .only_opens = true, .run = [this] {
                 messages_.open();
               }});
}

void Overlays::draw_card_menu(const widgets::ControlContext& context,
                              const widgets::ActionTable& actions, const Workspace& workspace) {
  for (const panels::Panel* panel : workspace.panels()) {
    const std::string name(panel->name());
    if (!workspace.card(name) || !opens_menu(context.items, name)) continue;
    menu_panel_ = name;
    ImGui::OpenPopup("CardMenu");
  }
  if (!ImGui::BeginPopup("CardMenu")) return;
  const widgets::Action* run = nullptr;
  for (const widgets::Action& action : actions.all()) {
    if (action.panel != menu_panel_) continue;
    if (ImGui::MenuItem(title_in_menu(action.title).c_str(), nullptr, false, action.is_enabled())) {
      run = &action;
    }
    widgets::note_widget(context.items, "Menu/" + action.name);
  }
  if (platform::is_key_pressed(platform::Key::escape)) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
  if (run != nullptr) run->run();
}

void Overlays::draw(const widgets::ControlContext& controls, const widgets::ActionTable& actions,
                    const plot::Rect& area, const plot::Rect& window) {
  notices_.draw(controls, area);
  palette_.draw(controls, actions, window);
  draw_shortcuts(shortcuts_, controls, actions, window);
  draw_messages(messages_, controls, notices_, window);
}

}  // namespace sketchscope::app
