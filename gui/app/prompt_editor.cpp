#include "gui/app/prompt_editor.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>

#include "engine/model/prompt.hpp"
#include "gui/platform/keyboard.hpp"
#include "gui/widgets/item_registry.hpp"

namespace sketchscope {
namespace {

constexpr float kPromptEditorWidthInUnits = 56;
constexpr float kPromptEditorHeightInUnits = 26;

bool start_pressed() {
  return ImGui::GetIO().KeyCtrl && is_key_pressed(Key::enter);
}

}  // namespace

void PromptEditor::open(std::string prompt) {
  open_ = true;
  just_opened_ = true;
  text_ = std::move(prompt);
  counted_.reset();
}

void PromptEditor::count_tokens(const ModelInfo& model) {
  if (counted_ == text_) return;
  counted_ = text_;
  try {
    const std::size_t tokens =
        model.tokenizer ? model.tokenizer->encode(text_).size() : parse_token_ids(text_).size();
    count_ = std::to_string(tokens) + " of " + std::to_string(model.config.positions) + " tokens";
  } catch (const std::exception& error) {
    count_ = error.what();
  }
}

void PromptEditor::draw(const ControlContext& context, const RunSource& source,
                        const CommandSink& send, const Rect& window) {
  if (!open_) return;
  const Theme& theme = context.theme;
  const float width = std::min(theme.unit() * kPromptEditorWidthInUnits, window.width() * 0.9F);
  const float height = std::min(theme.unit() * kPromptEditorHeightInUnits, window.height() * 0.9F);
  ImGui::SetNextWindowPos({window.center().x - width / 2, window.center().y - height / 2});
  ImGui::SetNextWindowSize({width, height});
  if (just_opened_) ImGui::OpenPopup("Prompt");
  if (!ImGui::BeginPopupModal(
          "Prompt", &open_,
          ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoSavedSettings)) {
    open_ = false;
    return;
  }
  if (just_opened_) ImGui::SetKeyboardFocusHere();
  just_opened_ = false;

  count_tokens(source.model());
  const float footer = theme.unit() * 2.6F;
  ImGui::InputTextMultiline("##text", &text_,
                            {-1, ImGui::GetContentRegionAvail().y - footer - theme.unit()});
  note_widget(context.items, "Prompt/text");
  ImGui::TextDisabled("%s", count_.c_str());

  const ImVec2 corner = ImGui::GetWindowPos();
  const float bottom = corner.y + height - theme.padding();
  const float right = corner.x + width - theme.padding();
  const float button = theme.unit() * 8;
  const Rect start{right - button, bottom - theme.unit() * 2.2F, right, bottom};
  const Rect cancel{start.left - button - theme.unit() * 0.6F, start.top,
                    start.left - theme.unit() * 0.6F, bottom};
  const bool wanted = text_button(context, "Prompt/start", start, "Start", Emphasis::accent,
                                  "A new run from this prompt, with the knobs as they are  "
                                  "[Ctrl Enter]") ||
                      start_pressed();
  const bool given_up =
      text_button(context, "Prompt/cancel", cancel, "Cancel", Emphasis::plain, "") ||
      is_key_pressed(Key::escape);
  if (wanted) send(command::Restart{text_}, "restart");
  if (wanted || given_up) {
    ImGui::CloseCurrentPopup();
    open_ = false;
  }
  ImGui::EndPopup();
}

}  // namespace sketchscope
