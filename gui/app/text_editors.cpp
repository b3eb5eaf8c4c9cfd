#include "gui/app/text_editors.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <utility>

#include "engine/core/error.hpp"
#include "engine/model/prompt.hpp"
#include "gui/platform/keyboard.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {
namespace {

/// Draws the kinds of breakpoints, one per line. `text` becomes the one that is clicked.
void draw_breakpoint_words(const ControlContext& context, std::string& text) {
  for (const BreakpointWord& word : breakpoint_words()) {
    std::string line(word.word);
    if (!word.argument.empty()) line += " " + std::string(word.argument);
    if (ImGui::Selectable(line.c_str(), false, ImGuiSelectableFlags_DontClosePopups)) {
      text = std::string(word.word) + (word.argument.empty() ? "" : " ");
    }
    note_widget(context.items, "Until/" + std::string(word.word));
    ImGui::SameLine(context.theme.unit() * 10);
    ImGui::TextDisabled("%s", std::string(word.help).c_str());
  }
}

}  // namespace

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
  const bool entered = popup_.edit_line(context.items, "Line/text", request_.text);
  ImGui::TextDisabled("%s", request_.hint.c_str());
  if (!mistake_.empty()) ImGui::TextWrapped("%s", mistake_.c_str());
  const bool taken = entered && take();
  popup_.end(taken);
}

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
  const float button = theme.unit() * 8;
  const Rect start{inside.right - button, inside.bottom - theme.unit() * 2.2F, inside.right,
                   inside.bottom};
  const Rect cancel{start.left - button - theme.unit() * 0.6F, start.top,
                    start.left - theme.unit() * 0.6F, start.bottom};
  const bool wanted = text_button(context, "Prompt/start", start, "Start", Emphasis::accent,
                                  "A new run from this prompt, with the knobs as they are  "
                                  "[Ctrl Enter]") ||
                      (ImGui::GetIO().KeyCtrl && is_key_pressed(Key::enter));
  const bool given_up =
      text_button(context, "Prompt/cancel", cancel, "Cancel", Emphasis::plain, "");
  if (wanted) send(command::Restart{text_}, "restart");
  popup_.end(wanted || given_up);
}

void BreakpointEditor::open() {
  popup_.open();
  mistake_.clear();
}

void BreakpointEditor::draw(const ControlContext& context, const CommandSink& send,
                            const Rect& window) {
  if (!popup_.begin(context.theme, window)) return;
  ImGui::TextUnformatted("Run until");
  const bool entered = popup_.edit_line(context.items, "Until/text", text_);
  ImGui::Spacing();
  draw_breakpoint_words(context, text_);
  if (!mistake_.empty()) ImGui::TextWrapped("%s", mistake_.c_str());
  bool done = false;
  if (entered) {
    try {
      send(command::RunUntil{parse_breakpoint(text_)}, "until");
      done = true;
    } catch (const Error& error) {
      mistake_ = error.what();
    }
  }
  popup_.end(done);
}

}  // namespace sketchscope
