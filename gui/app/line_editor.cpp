#include "gui/app/line_editor.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <utility>

#include "engine/core/error.hpp"
#include "gui/platform/keyboard.hpp"
#include "gui/widgets/item_registry.hpp"

namespace sketchscope {

void LineEditor::open(Request request) {
  request_ = std::move(request);
  open_ = true;
  just_opened_ = true;
  wants_focus_ = true;
  mistake_.clear();
}

bool LineEditor::take() {
  try {
    request_.accept(request_.text);
    return true;
  } catch (const Error& error) {
    mistake_ = error.what();
    wants_focus_ = true;
    return false;
  }
}

void LineEditor::draw(const ControlContext& context, const Rect& window) {
  if (!open_) return;
  const float width = std::min(40 * context.theme.unit(), window.width() * 0.9F);
  ImGui::SetNextWindowPos({window.center().x - width / 2, window.height() * 0.2F});
  ImGui::SetNextWindowSize({width, 0});
  if (std::exchange(just_opened_, false)) ImGui::OpenPopup("Line");
  if (!ImGui::BeginPopup("Line", ImGuiWindowFlags_NoMove)) {
    open_ = false;
    return;
  }
  ImGui::TextUnformatted(request_.title.c_str());
  if (std::exchange(wants_focus_, false)) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-1);
  const bool entered =
      ImGui::InputText("##line", &request_.text, ImGuiInputTextFlags_EnterReturnsTrue);
  note_widget(context.items, "Line/text");
  ImGui::TextDisabled("%s", request_.hint.c_str());
  if (!mistake_.empty()) ImGui::TextWrapped("%s", mistake_.c_str());
  const bool taken = entered && take();
  if (taken || is_key_pressed(Key::escape)) {
    ImGui::CloseCurrentPopup();
    open_ = false;
  }
  ImGui::EndPopup();
}

}  // namespace sketchscope
