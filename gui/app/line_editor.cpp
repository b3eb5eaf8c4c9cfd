#include "gui/app/line_editor.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <utility>

#include "engine/core/error.hpp"
#include "gui/platform/keyboard.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {

void LineEditor::open(Request request) {
  request_ = std::move(request);
  popup_.open();
  mistake_.clear();
}

bool LineEditor::take() {
  try {
    request_.accept(request_.text);
    return true;
  } catch (const Error& error) {
    mistake_ = error.what();
    popup_.give_keyboard();
    return false;
  }
}

void LineEditor::draw(const ControlContext& context, const Rect& window) {
  if (!popup_.begin(context.theme, window)) return;
  ImGui::TextUnformatted(request_.title.c_str());
  if (popup_.takes_keyboard()) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-1);
  const bool entered =
      ImGui::InputText("##line", &request_.text, ImGuiInputTextFlags_EnterReturnsTrue);
  note_widget(context.items, "Line/text");
  ImGui::TextDisabled("%s", request_.hint.c_str());
  if (!mistake_.empty()) ImGui::TextWrapped("%s", mistake_.c_str());
  const bool taken = entered && take();
  if (taken || is_key_pressed(Key::escape)) popup_.close();
  Popup::end();
}

}  // namespace sketchscope
