#include "gui/app/shortcut_sheet.hpp"

#include <imgui.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "gui/platform/keyboard.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {

void ShortcutSheet::draw(const ControlContext& context, const ActionTable& actions,
                         const Rect& window) {
  if (!popup_.begin(context.theme, window)) return;
  ImGui::TextUnformatted("Shortcuts");
  context.items.note("Shortcuts/sheet", {0, 0, ImGui::GetWindowWidth(), context.theme.unit()});
  ImGui::Separator();
  ImGui::Columns(2, "keys", false);
  for (const Action& action : actions.all()) {
    if (!action.key) continue;
    ImGui::PushFont(context.fonts.get(Face::mono, TextSize::small));
    ImGui::TextDisabled("%-13s", chord_text(*action.key).c_str());
    ImGui::PopFont();
    ImGui::SameLine();
    ImGui::TextUnformatted(action.title.c_str());
    ImGui::NextColumn();
  }
  ImGui::Columns(1);
  if (is_key_pressed(Key::escape)) popup_.close();
  Popup::end();
}

}  // namespace sketchscope
