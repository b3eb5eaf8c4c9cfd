#include "gui/app/workspace.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/platform/keyboard.hpp"

namespace sketchscope::app {
namespace {

Arrangement arrangement_of(const panels::PanelContext& context) {
  if (context.state.branching) return Arrangement::paths;
  const bool several =
      context.other != nullptr || (context.runs != nullptr && context.runs->runs.size() > 1);
  if (context.study) return several ? Arrangement::study_runs : Arrangement::study;
  return several ? Arrangement::runs : Arrangement::sequence;
}

/// Returns whether a panel has a subject; panels about paths, a compared run or a study may have
/// none.
bool has_a_subject(std::string_view panel, const panels::PanelContext& context) {
  if (panel == "branching") return context.state.branching != nullptr;
  if (panel == "compare") return context.other != nullptr;
  if (panel == "runs") return context.runs != nullptr && context.runs->runs.size() > 1;
  if (panel == "study") return context.study != nullptr;
  return true;
}

constexpr ImGuiWindowFlags kPanelFlags =
    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;

float print_margin(const plot::Theme& theme) {
  return theme.unit() * 0.3F;
}

/// Returns whether the mouse is over an area of the present ImGui window.
bool is_mouse_over(const plot::Rect& area) {
  return ImGui::IsWindowHovered() &&
         ImGui::IsMouseHoveringRect({area.left, area.top}, {area.right, area.bottom});
}

bool is_clicked(const plot::Rect& area) {
  return is_mouse_over(area) && ImGui::IsMouseClicked(ImGuiMouseButton_Left);
}

}  // namespace

Workspace::Workspace() {
  for (const panels::PanelKind& kind : panels::panel_kinds()) panels_.push_back({kind.make(), {}});
}

Workspace::Shown* Workspace::find(std::string_view name) {
  const auto found = std::ranges::find(panels_, name, name_of);
  return found == panels_.end() ? nullptr : &*found;
}

const panels::Panel& Workspace::panel(std::string_view name) const {
  const auto found = std::ranges::find(panels_, name, name_of);
  if (found != panels_.end()) return *found->panel;
  std::vector<std::string_view> names;
  for (const auto& shown : panels_) names.push_back(name_of(shown));
  throw core::UsageError({.what = "panel",
                          .found = "'" + std::string(name) + "'",
                          .expected = "one of " + core::join(names)});
}

void Workspace::choose(std::string_view name, panels::PanelChoice choice) {
  static_cast<void>(panel(name));
  find(name)->panel->choose(std::move(choice));
}

void Workspace::show_alone(std::string_view name) {
  alone_ = name.empty() ? "" : panel(name).name();
}

std::optional<plot::Rect> Workspace::card(std::string_view name) const {
  const auto found = std::ranges::find(panels_, name, name_of);
  return found == panels_.end() ? std::nullopt : found->card;
}

std::vector<const panels::Panel*> Workspace::panels() const {
  std::vector<const panels::Panel*> all;
  for (const auto& shown : panels_) all.push_back(shown.panel.get());
  return all;
}

void Workspace::draw(const plot::Rect& area, const panels::PanelContext& context) {
  for (auto& shown : panels_) shown.card.reset();
  if (!alone_.empty()) return draw_panel(*find(alone_), area, context);
  if (grid_) return draw_grid(area, context);
  places_ = default_layout(area, context.theme.unit(), context.theme.gap(), arrangement_of(context),
                           layout_);
  // A tab that is clicked changes the layout, which the next frame draws.
  for (const Place& place : places_) {
    if (Shown* shown = find(place.panel)) draw_panel(*shown, place.rect, context);
  }
  drag_borders(area, context);
  carry(context);
}

void Workspace::grab(const std::string& name, const plot::Rect& header, const plot::Rect& menu) {
  if (picturing_ || grid_ || !alone_.empty()) return;
  if (!ImGui::IsMouseClicked(ImGuiMouseButton_Left)) return;
  if (is_mouse_over(header) && !is_mouse_over(menu)) grabbed_ = name;
}

void Workspace::carry(const panels::PanelContext& context) {
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) grabbed_.clear();
  if (!grabbed_.empty() && ImGui::IsMouseDragging(ImGuiMouseButton_Left)) {
    carried_ = std::exchange(grabbed_, std::string());
  }
  if (carried_.empty()) return;
  if (platform::is_key_pressed(platform::Key::escape)) return carried_.clear();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const plot::Point at{mouse.x, mouse.y};
  const auto under =
      std::ranges::find_if(places_, [&](const Place& place) { return place.rect.contains(at); });
  std::optional<Move> move;
  if (under != places_.end()) {
    const plot::Rect header = card_title_area(context.theme, under->rect);
    const Side side = drop_side(under->rect, at, header.height());
    // A tab of the own place may leave it for one of its sides.
    const auto beside =
        std::ranges::find_if(under->tabs, [&](std::string_view tab) { return tab != carried_; });
    const bool own = std::ranges::find(under->tabs, carried_) != under->tabs.end();
    if (beside != under->tabs.end() && !(own && side == Side::tab)) {
      move = Move{.panel = carried_, .side = side, .beside = std::string(*beside)};
      const plot::Rect there = drop_area(under->rect, side);
      context.overlay.fill(there, context.theme.accent.with_alpha(0.16), context.theme.rounding());
      context.overlay.rect(there, {context.theme.accent, 1.5F}, context.theme.rounding());
    }
  }
  ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
  const float away = context.theme.unit();
  context.overlay.text({at.x + away, at.y}, panel(carried_).title(),
                       {.color = context.theme.text, .face = plot::Face::sans_bold});
  if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;
  if (move) {
    layout_ = with_moved(std::move(layout_), *move);
    moved_ = move;
  }
  carried_.clear();
}

void Workspace::draw_grid(const plot::Rect& area, const panels::PanelContext& context) {
  const float gap = std::round(context.theme.gap());
  // The knobs keep their column in the grid, as they form one list.
  plot::Rect knobs = area;
  plot::Rect others = area;
  knobs.right = std::round(area.left + std::min(22 * context.theme.unit(), area.width() * 0.24F));
  others.left = knobs.right + gap;
  std::vector<std::string_view> names;
  for (const auto& shown : panels_) {
    if (shown.panel->name() == "knobs" || !has_a_subject(shown.panel->name(), context)) continue;
    names.push_back(shown.panel->name());
  }
  draw_panel(*find("knobs"), knobs, context);
  for (const Place& place : grid_layout(others, gap, names)) {
    draw_panel(*find(place.panel), place.rect, context);
  }
}

void Workspace::draw_only(std::string_view name, const plot::Rect& area,
                          const panels::PanelContext& context) {
  Shown* shown = find(name);
  if (shown == nullptr) return;
  const std::optional<plot::Rect> card = shown->card;
  picturing_ = true;
  if (context.print) {
    draw_bare(*shown, area, context);
  } else {
    draw_panel(*shown, area, context);
  }
  picturing_ = false;
  shown->card = card;
}

plot::Size Workspace::least_print(std::string_view name, panels::PanelContext context) const {
  const float margin = print_margin(context.theme);
  context.print = true;
  context.area = context.area.inset(margin, 0);
  const plot::Size least = panel(name).least_print(context);
  return {least.width + 2 * margin, least.height + 2 * margin};
}

void Workspace::draw_bare(Shown& shown, const plot::Rect& area, panels::PanelContext context) {
  context.canvas.fill(area, context.theme.card);
  const float margin = print_margin(context.theme);
  const plot::Rect inside = area.inset(margin, margin);
  ImGui::SetCursorScreenPos({inside.left, inside.top});
  ImGui::BeginChild("print", {inside.width(), inside.height()}, false, kPanelFlags);
  context.area = inside;
  context.pointer = {};
  shown.panel->draw(context);
  ImGui::EndChild();
}

void Workspace::drag_borders(const plot::Rect& area, const panels::PanelContext& context) {
  dragging_ = false;
  for (const Splitter& splitter : layout_splitters(area, context.theme.unit(), context.theme.gap(),
                                                   layout_, arrangement_of(context))) {
    const plot::Rect& rect = splitter.rect;
    if (rect.width() < 1 || rect.height() < 1) continue;
    const bool upright = splitter.is_upright();
    ImGui::SetCursorScreenPos({rect.left, rect.top});
    const std::string name = splitter.name();
    ImGui::InvisibleButton(("border " + name).c_str(), {rect.width(), rect.height()});
    context.items.note("Border/" + name, rect);
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) {
      ImGui::SetMouseCursor(upright ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
      const plot::Rect line =
          upright ? rect.inset(rect.width() * 0.42F, 0) : rect.inset(0, rect.height() * 0.42F);
      context.canvas.fill(line, context.theme.accent.with_alpha(0.5), 1);
    }
    if (!ImGui::IsItemActive()) continue;
    dragging_ = true;
    const ImVec2 moved = ImGui::GetIO().MouseDelta;
    layout_ = with_dragged(std::move(layout_), splitter, upright ? moved.x : moved.y);
  }
}

panels::Pointer Workspace::pointer_in(const std::string& name, const plot::Rect& area) {
  const ImGuiIO& io = ImGui::GetIO();
  const plot::Point at{io.MousePos.x, io.MousePos.y};
  const bool held_here = pressed_ == name;
  if (held_here && ImGui::IsMouseDragging(ImGuiMouseButton_Left)) {
    return {.at = at,
            .dragged_from = plot::Point{io.MouseClickedPos[0].x, io.MouseClickedPos[0].y},
            .dragged_by = {io.MouseDelta.x, io.MouseDelta.y}};
  }
  if (held_here && !ImGui::IsMouseDown(ImGuiMouseButton_Left)) pressed_.clear();
  // An active slider or a popup blocks the mouse from the panel.
  if (!ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows) || !area.contains(at)) return {};
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !ImGui::IsAnyItemHovered()) pressed_ = name;
  const float moved = std::hypot(at.x - io.MouseClickedPos[0].x, at.y - io.MouseClickedPos[0].y);
  return {.at = at,
          .clicked = held_here && ImGui::IsMouseReleased(ImGuiMouseButton_Left) &&
                     moved < io.MouseDragThreshold,
          .double_clicked = ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left),
          .wheel = io.MouseWheel};
}

std::vector<std::string_view> Workspace::tabs_of(std::string_view name) const {
  if (picturing_ || grid_ || !alone_.empty()) return {name};
  const auto place = std::ranges::find(places_, name, &Place::panel);
  return place != places_.end() ? place->tabs : std::vector<std::string_view>{name};
}

bool Workspace::choose_tab(const panels::PanelContext& context, const std::string& name,
                           const std::vector<std::string_view>& tabs, const CardTabs& areas) {
  std::size_t index = 0;
  std::string_view chosen;
  for (const std::string_view other : tabs) {
    if (other == name) continue;
    const std::size_t tab = index++;
    const plot::Rect& area = areas.tabs.at(tab);
    if (areas.left_out > 0 && tab == areas.next_left_out) {
      context.items.note(name + "/more_tabs", areas.more);
      if (is_clicked(areas.more)) chosen = other;
    }
    if (area.width() <= 0) continue;
    context.items.note(name + "/tab/" + std::string(other), area);
    if (is_clicked(area)) chosen = other;
    widgets::help_on_hover(area, panel(other).help());
  }
  if (chosen.empty()) return false;
  layout_ = with_in_front(std::move(layout_), chosen);
  grabbed_ = chosen;
  return true;
}

void Workspace::draw_panel(Shown& shown, const plot::Rect& card, panels::PanelContext context) {
  panels::Panel& panel = *shown.panel;
  shown.card = card;
  const std::string name(panel.name());
  context.items.note(name, card);

  ImGui::SetCursorScreenPos({card.left, card.top});
  ImGui::BeginChild(name.c_str(), {card.width(), card.height()}, false, kPanelFlags);
  const widgets::ControlContext controls{context.canvas, context.theme, context.fonts,
                                         context.items};
  const std::string subtitle = panel.subtitle(context);
  const std::string readout = panel.readout(context);
  // A picture of a panel alone has nothing that can be clicked.
  const std::vector<std::string_view> tabs = tabs_of(name);
  std::vector<std::string_view> titles;
  for (const std::string_view tab : tabs) {
    if (tab != name) titles.push_back(this->panel(tab).title());
  }
  const auto title_at = std::ranges::find(tabs, name) - tabs.begin();
  const CardHeader header{.title = panel.title(),
                          .subtitle = subtitle,
                          .readout = readout,
                          .tab_titles = titles,
                          .title_at = static_cast<std::size_t>(title_at),
                          .has_menu = !picturing_};
  const plot::Rect inside = draw_card(controls, card, header);
  const CardTabs areas = card_tab_areas(context.canvas, context.theme, card, header);
  const plot::Rect title = card_title_area(context.theme, card);
  const plot::Rect menu = card_menu_area(context.theme, card);
  if (!choose_tab(context, name, tabs, areas)) grab(name, title, menu);
  context.items.note(name + "/title", title);
  context.items.note(name + "/menu", menu);
  if (is_mouse_over(title) && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
    alone_ = alone_.empty() ? name : "";
  }
  widgets::help_on_hover(areas.title, panel.help());

  ImGui::SetCursorScreenPos({inside.left, inside.top});
  // The scroll bar is placed in the card's padding, so that panels need not reserve space.
  ImGui::BeginChild("content", {inside.width() + context.theme.padding() * 0.8F, inside.height()});
  context.area = inside;
  context.pointer = pointer_in(name, inside);
  panel.draw(context);
  ImGui::EndChild();
  ImGui::EndChild();
}

}  // namespace sketchscope::app
