#include "gui/app/card_menu.hpp"

#include <imgui.h>

#include "gui/platform/keyboard.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {
namespace {

bool opens(const ItemRegistry& items, const std::string& panel) {
  const auto hovered = [&](const char* part) {
    const auto item = items.find(panel + part);
    return item && ImGui::IsMouseHoveringRect({item->rect.left, item->rect.top},
                                              {item->rect.right, item->rect.bottom}, false);
  };
  // Another open popup blocks the mouse from the cards.
  if (ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel)) {
    return false;
  }
  return (ImGui::IsMouseReleased(ImGuiMouseButton_Left) && hovered("/menu")) ||
         (ImGui::IsMouseReleased(ImGuiMouseButton_Right) && hovered("/title"));
}

}  // namespace

void CardMenu::draw(const ControlContext& context, const ActionTable& actions,
                    const Workspace& workspace) {
  for (const Panel* panel : workspace.panels()) {
    const std::string name(panel->name());
    if (!workspace.card(name) || !opens(context.items, name)) continue;
    panel_ = name;
    ImGui::OpenPopup("CardMenu");
  }
  if (!ImGui::BeginPopup("CardMenu")) return;
  const Action* run = nullptr;
  for (const Action& action : actions.all()) {
    if (action.panel != panel_) continue;
    if (ImGui::MenuItem(action.title.c_str(), nullptr, false, action.is_enabled())) run = &action;
    note_widget(context.items, "Menu/" + action.name);
  }
  if (is_key_pressed(Key::escape)) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
  if (run != nullptr) run->run();
}

}  // namespace sketchscope
