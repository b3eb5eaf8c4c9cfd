#include "gui/app/note_editor.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <utility>

#include "gui/driver/widget.hpp"

namespace sketchscope {

void set_note(std::vector<StepNote>& notes, StepNote note) {
  std::erase_if(notes, [&](const StepNote& other) { return other.step == note.step; });
  if (note.text.empty()) return;
  const auto place = std::ranges::upper_bound(notes, note.step, {}, &StepNote::step);
  notes.insert(place, std::move(note));
}

void NoteEditor::open(std::int64_t step, const std::vector<StepNote>& notes) {
  open_ = true;
  just_opened_ = true;
  step_ = step;
  const auto found = std::ranges::find(notes, step, &StepNote::step);
  text_ = found != notes.end() ? found->text : "";
}

void NoteEditor::draw(const ControlContext& context, std::vector<StepNote>& notes,
                      const Rect& window) {
  if (!open_) return;
  const float width = std::min(40 * context.theme.unit(), window.width() * 0.9F);
  ImGui::SetNextWindowPos({window.center().x - width / 2, window.height() * 0.2F});
  ImGui::SetNextWindowSize({width, 0});
  if (just_opened_) ImGui::OpenPopup("Note");
  if (!ImGui::BeginPopup("Note", ImGuiWindowFlags_NoMove)) {
    open_ = false;
    return;
  }
  ImGui::Text("Note at step %lld", static_cast<long long>(step_));
  if (std::exchange(just_opened_, false)) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-1);
  const bool entered = ImGui::InputText("##note", &text_, ImGuiInputTextFlags_EnterReturnsTrue);
  note_widget(context.items, "Note/text");
  ImGui::TextDisabled("Enter marks the step on all axes; without words it is taken away.");
  if (entered) set_note(notes, {step_, text_});
  if (entered || ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape))) {
    ImGui::CloseCurrentPopup();
    open_ = false;
  }
  ImGui::EndPopup();
}

}  // namespace sketchscope
