#include "gui/app/prompt_editor.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include "engine/model/prompt.hpp"
#include "gui/platform/keyboard.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {
namespace {

bool start_pressed() {
  return ImGui::GetIO().KeyCtrl && is_key_pressed(Key::enter);
}

}  // namespace

void PromptEditor::open(std::string prompt) {
  popup_.open();
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
  const Theme& theme = context.theme;
  if (!popup_.begin(theme, window)) return;
  if (popup_.takes_keyboard()) ImGui::SetKeyboardFocusHere();

  count_tokens(source.model());
  const float footer = theme.unit() * 2.6F;
  ImGui::InputTextMultiline("##text", &text_,
                            {-1, ImGui::GetContentRegionAvail().y - footer - theme.unit()});
  note_widget(context.items, "Prompt/text");
  ImGui::TextDisabled("%s", count_.c_str());

  const Rect inside = Popup::inside(theme);
  const float bottom = inside.bottom;
  const float right = inside.right;
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
  if (wanted || given_up) popup_.close();
  Popup::end();
}

}  // namespace sketchscope
