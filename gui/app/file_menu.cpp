#include "gui/app/file_menu.hpp"

#include <imgui.h>

#include <array>
#include <string_view>
#include <utility>

#include "gui/platform/keyboard.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {
namespace {

/// Actions from top to bottom, an empty name for a line between them. Those of a group that cannot
/// be done now are left out where they only repeat (recent ones), else they are grey.
constexpr auto kEntries = std::to_array<std::string_view>({"open",
                                                           "recent_1",
                                                           "recent_2",
                                                           "recent_3",
                                                           "recent_4",
                                                           "recent_5",
                                                           "recent_6",
                                                           "recent_7",
                                                           "recent_8",
                                                           "cancel_open",
                                                           "continue_run",
                                                           "close_study",
                                                           "",
                                                           "prompt",
                                                           "restart",
                                                           "save_run",
                                                           "",
                                                           "png_window",
                                                           "svg_window",
                                                           "command_window",
                                                           "",
                                                           "record",
                                                           "stop_recording",
                                                           "",
                                                           "tour",
                                                           "shortcuts",
                                                           "",
                                                           "quit"});

bool comes_and_goes(std::string_view name) {
  return name.starts_with("recent_") || name == "cancel_open" || name == "continue_run" ||
         name == "stop_recording" || name == "close_study";
}

}  // namespace

void FileMenu::draw(const ControlContext& context, const ActionTable& actions) {
  if (std::exchange(opening_, false)) ImGui::OpenPopup("File");
  if (const auto button = context.items.find("Run/file")) {
    ImGui::SetNextWindowPos({button->rect.left, button->rect.bottom + context.theme.unit() * 0.4F});
  }
  if (!ImGui::BeginPopup("File", ImGuiWindowFlags_NoMove)) return;
  const Action* run = nullptr;
  for (const std::string_view name : kEntries) {
    if (name.empty()) {
      ImGui::Separator();
      continue;
    }
    const Action* action = actions.find(name);
    if (action == nullptr || (comes_and_goes(name) && !action->is_enabled())) continue;
    const std::string key = action->key ? chord_text(*action->key) : "";
    if (ImGui::MenuItem(action->title.c_str(), key.c_str(), false, action->is_enabled())) {
      run = action;
    }
    note_widget(context.items, "File/" + action->name, action->is_enabled());
    if (!action->help.empty() && ImGui::IsItemHovered()) {
      ImGui::SetTooltip("%s", action->help.c_str());
    }
  }
  if (is_key_pressed(Key::escape)) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
  if (run != nullptr) run->run();
}

}  // namespace sketchscope
