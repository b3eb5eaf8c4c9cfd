#include "gui/app/breakpoint_editor.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include "engine/core/error.hpp"
#include "gui/platform/keyboard.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {
namespace {

/// Draws the kinds of breakpoints, one per line. Returns whether one was clicked, which `text` then
/// holds.
bool draw_words(const ControlContext& context, std::string& text) {
  bool clicked = false;
  for (const BreakpointWord& word : breakpoint_words()) {
    std::string line(word.word);
    if (!word.argument.empty()) line += " " + std::string(word.argument);
    if (ImGui::Selectable(line.c_str(), false, ImGuiSelectableFlags_DontClosePopups)) {
      text = std::string(word.word) + (word.argument.empty() ? "" : " ");
      clicked = true;
    }
    note_widget(context.items, "Until/" + std::string(word.word));
    ImGui::SameLine(context.theme.unit() * 10);
    ImGui::TextDisabled("%s", std::string(word.help).c_str());
  }
  return clicked;
}

}  // namespace

void BreakpointEditor::open() {
  popup_.open();
  mistake_.clear();
}

void BreakpointEditor::draw(const ControlContext& context, const CommandSink& send,
                            const Rect& window) {
  if (!popup_.begin(context.theme, window)) return;
  ImGui::TextUnformatted("Run until");
  if (popup_.takes_keyboard()) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-1);
  bool entered = ImGui::InputText("##until", &text_, ImGuiInputTextFlags_EnterReturnsTrue);
  note_widget(context.items, "Until/text");
  ImGui::Spacing();
  draw_words(context, text_);
  if (!mistake_.empty()) ImGui::TextWrapped("%s", mistake_.c_str());
  bool done = is_key_pressed(Key::escape);
  if (entered) {
    try {
      send(command::RunUntil{parse_breakpoint(text_)}, "until");
      done = true;
    } catch (const Error& error) {
      mistake_ = error.what();
    }
  }
  if (done) popup_.close();
  Popup::end();
}

}  // namespace sketchscope
