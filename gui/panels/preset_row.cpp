#include "gui/panels/preset_row.hpp"

#include <imgui.h>

#include <algorithm>
#include <string>

#include "gui/panels/knob_editor.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {
namespace {

constexpr std::string_view kPath = "Knobs/preset";

void draw_list(PanelContext& context, const Preset* chosen) {
  for (const Preset& preset : context.presets) {
    if (ImGui::Selectable(preset.name.c_str(), chosen == &preset)) {
      context.send(command::SetKnobs{with_preset(context.state.wanted, preset)}, "preset");
    }
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", preset.help.c_str());
    note_widget(context.items, std::string(kPath) + "/" + preset.name);
  }
  ImGui::Separator();
  if (ImGui::Selectable("Save these as…")) context.run_action("save_preset");
  note_widget(context.items, std::string(kPath) + "/save");
}

}  // namespace

float draw_preset_row(PanelContext& context, float top, float tallest) {
  const float height = std::min(context.theme.unit() * 2, tallest);
  const Rect line{context.area.left, top, context.area.right, top + height};
  const Preset* chosen = preset_of(context.state.wanted, context.presets);
  ImGui::PushID("preset");
  const std::string help = chosen ? chosen->help : "The knobs as they were turned.";
  const Choice choice{.label = "preset",
                      .path = kPath,
                      .words = chosen ? chosen->name : "own values",
                      .color = chosen ? context.theme.text : context.theme.quiet,
                      .help = help + "\nA preset turns all knobs of cache and sketch at once."};
  draw_choice_line(context, line, choice, [&] { draw_list(context, chosen); });
  ImGui::PopID();
  return line.bottom;
}

}  // namespace sketchscope
