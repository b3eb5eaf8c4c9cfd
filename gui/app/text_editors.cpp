#include "gui/app/text_editors.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <utility>

#include "engine/core/error.hpp"
#include "engine/model/prompt.hpp"
#include "gui/platform/keyboard.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::app {
namespace {

/// Draws the kinds of breakpoints, one per line. `text` becomes the one that is clicked.
void draw_breakpoint_words(const widgets::ControlContext& context, std::string& text) {
  for (const run::BreakpointWord& word : run::breakpoint_words()) {
    std::string line(word.word);
    if (!word.argument.empty()) line += " " + std::string(word.argument);
    if (ImGui::Selectable(line.c_str(), false, ImGuiSelectableFlags_DontClosePopups)) {
      text = std::string(word.word) + (word.argument.empty() ? "" : " ");
    }
    widgets::note_widget(context.items, "Until/" + std::string(word.word));
    ImGui::SameLine(context.theme.unit() * 10);
    ImGui::TextDisabled("%s", std::string(word.help).c_str());
  }
}

/// Returns whether any line of a text is wider than this.
bool is_wider(const std::string& text, float width) {
  return ImGui::CalcTextSize(text.c_str(), text.c_str() + text.size()).x > width;
}

/// Draws a text with its long lines broken, which the field above it cannot do.
void draw_wrapped(const widgets::ControlContext& context, const std::string& text, float height) {
  ImGui::BeginChild("wrapped", {-1, height});
  ImGui::PushStyleColor(ImGuiCol_Text, ImGui::GetStyleColorVec4(ImGuiCol_TextDisabled));
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(text.c_str(), text.c_str() + text.size());
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::EndChild();
  widgets::note_widget(context.items, "Prompt/wrapped");
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
  } catch (const core::Error& error) {
    mistake_ = error.what();
    popup_.give_keyboard();
    return false;
  }
}

void LineEditor::draw(const widgets::ControlContext& context, const plot::Rect& window) {
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

void PromptEditor::count_tokens(const run::ModelInfo& model) {
  if (counted_ == text_) return;
  counted_ = text_;
  try {
    const std::size_t tokens = model.tokenizer ? model.tokenizer->encode(text_).size()
                                               : model::parse_token_ids(text_).size();
    count_ = std::to_string(tokens) + " of " + std::to_string(model.config.positions) + " tokens";
  } catch (const std::exception& error) {
    count_ = error.what();
  }
}

void PromptEditor::draw(const widgets::ControlContext& context, const view::RunSource& source,
                        const panels::CommandSink& send, const plot::Rect& window) {
  const plot::Theme& theme = context.theme;
  if (!popup_.begin(theme, window)) return;
  if (popup_.takes_keyboard()) ImGui::SetKeyboardFocusHere();

  count_tokens(source.model());
  const float footer = theme.unit() * 2.6F;
  const float height = ImGui::GetContentRegionAvail().y - footer - theme.unit();
  const bool wide = is_wider(text_, ImGui::GetContentRegionAvail().x - theme.unit());
  ImGui::InputTextMultiline("##text", &text_, {-1, wide ? height * 0.5F : height},
                            ImGuiInputTextFlags_AutoSelectAll);
  widgets::note_widget(context.items, "Prompt/text");
  if (wide) draw_wrapped(context, text_, height * 0.5F - theme.unit() * 0.4F);
  ImGui::TextDisabled("%s", count_.c_str());

  const plot::Rect inside = widgets::Popup::inside(theme);
  const float button = theme.unit() * 8;
  const plot::Rect start{inside.right - button, inside.bottom - theme.unit() * 2.2F, inside.right,
                         inside.bottom};
  const plot::Rect cancel{start.left - button - theme.unit() * 0.6F, start.top,
                          start.left - theme.unit() * 0.6F, start.bottom};
  const bool wanted =
      widgets::text_button(context, "Prompt/start", start, "Start", widgets::Emphasis::accent,
                           "A new run from this prompt, with the knobs as they are  "
                           "[Ctrl Enter]") ||
      (ImGui::GetIO().KeyCtrl && platform::is_key_pressed(platform::Key::enter));
  const bool given_up = widgets::text_button(context, "Prompt/cancel", cancel, "Cancel",
                                             widgets::Emphasis::plain, "");
  if (wanted) send(run::command::Restart{text_}, "restart");
  popup_.end(wanted || given_up);
}

void BreakpointEditor::open() {
  popup_.open();
  mistake_.clear();
}

void BreakpointEditor::draw(const widgets::ControlContext& context, const panels::CommandSink& send,
                            const plot::Rect& window) {
  if (!popup_.begin(context.theme, window)) return;
  ImGui::TextUnformatted("Run until");
  const bool entered = popup_.edit_line(context.items, "Until/text", text_);
  ImGui::Spacing();
  draw_breakpoint_words(context, text_);
  if (!mistake_.empty()) ImGui::TextWrapped("%s", mistake_.c_str());
  bool done = false;
  if (entered) {
    try {
      send(run::command::RunUntil{run::parse_breakpoint(text_)}, "until");
      done = true;
    } catch (const core::Error& error) {
      mistake_ = error.what();
    }
  }
  popup_.end(done);
}

}  // namespace sketchscope::app
