#include "gui/panels/formula_editor.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>

#include "engine/policy/formula.hpp"
#include "gui/panels/knob_editor.hpp"
#include "gui/panels/panel_text.hpp"

namespace sketchscope::panels {
namespace {

constexpr std::size_t kMostShown = 8;

bool continues_word(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

std::size_t start_of_word(std::string_view text, std::size_t caret) {
  std::size_t start = std::min(caret, text.size());
  while (start > 0 && continues_word(text[start - 1])) --start;
  return start;
}

/// Describes a mistake in one line.
std::string mistake_words(const formula::Mistake& mistake) {
  return "column " + std::to_string(mistake.column) + ": found " + mistake.found + ", expected " +
         mistake.expected;
}

}  // namespace

std::vector<Completion> completions_at(std::string_view text, std::size_t caret) {
  const std::size_t start = start_of_word(text, caret);
  const std::string_view word = text.substr(start, std::min(caret, text.size()) - start);
  if (word.empty() || std::isdigit(static_cast<unsigned char>(word.front())) != 0) return {};
  std::vector<Completion> found;
  for (const policy::FormulaName& name : policy::formula_names()) {
    if (name.name.starts_with(word) && name.name != word) {
      found.push_back({std::string(name.name), std::string(name.help)});
    }
  }
  for (const formula::Function& function : formula::functions()) {
    if (function.name.starts_with(word)) {
      found.push_back({std::string(function.name) + "(", std::string(function.help)});
    }
  }
  found.resize(std::min(found.size(), kMostShown));
  return found;
}

/// What ImGui tells of the field while it is edited.
struct FormulaEditor::InputEvents {
  FormulaEditor& editor;

  static int receive(ImGuiInputTextCallbackData* data) {
    static_cast<InputEvents*>(data->UserData)->handle(*data);
    return 0;
  }

  void handle(ImGuiInputTextCallbackData& data) const {
    const std::string_view text(data.Buf, static_cast<std::size_t>(data.BufTextLen));
    const auto caret = static_cast<std::size_t>(data.CursorPos);
    std::vector<Completion>& completions = editor.completions_;
    if (data.EventFlag == ImGuiInputTextFlags_CallbackCompletion) {
      if (completions.empty()) return;
      const auto start = static_cast<int>(start_of_word(text, caret));
      data.DeleteChars(start, data.CursorPos - start);
      data.InsertChars(start, completions[editor.chosen_].name.c_str());
      completions.clear();
    } else if (data.EventFlag == ImGuiInputTextFlags_CallbackHistory) {
      if (completions.empty()) return;
      const std::size_t step = data.EventKey == ImGuiKey_UpArrow ? completions.size() - 1 : 1;
      editor.chosen_ = (editor.chosen_ + step) % completions.size();
    } else {
      completions = completions_at(text, caret);
      editor.chosen_ = std::min(editor.chosen_, completions.empty() ? 0 : completions.size() - 1);
    }
  }
};

float FormulaEditor::height(const plot::Theme& theme) {
  return theme.unit() * 3.2F + theme.small_text * 1.6F;
}

float FormulaEditor::draw(PanelContext& context, const view::KnobRow& row, float top) {
  const plot::Theme& theme = context.theme;
  const plot::Rect line{context.area.left, top, context.area.right, top + height(theme)};
  context.canvas.text({line.left, top}, row.info->name, label_style(theme));
  const plot::TextStyle note{.color = row.pending ? theme.pending : theme.faint,
                             .size = plot::TextSize::small,
                             .align = plot::Align::right};
  context.canvas.text({line.right, top}, view::knob_note(row), note);
  const plot::Rect input{line.left, top + theme.unit() * 1.45F, line.right,
                         top + theme.unit() * 3.0F};
  ImGui::PushID("formula");
  draw_input(context, row, input);
  ImGui::PopID();
  draw_note(context, {line.left, input.bottom + 2, line.right, line.bottom});
  if (editing_ && !completions_.empty()) draw_completions(context, input);
  return line.bottom;
}

void FormulaEditor::draw_input(PanelContext& context, const view::KnobRow& row,
                               const plot::Rect& place) {
  if (!editing_) {
    text_ = row.wanted;
    mistake_.reset();
  }
  ImGui::SetCursorScreenPos({place.left, place.top});
  ImGui::SetNextItemWidth(place.width());
  ImGui::PushFont(context.fonts.get(plot::Face::mono, plot::TextSize::normal));
  InputEvents events{*this};
  const bool edited = ImGui::InputText(
      "##text", &text_,
      ImGuiInputTextFlags_AutoSelectAll | ImGuiInputTextFlags_CallbackAlways |
          ImGuiInputTextFlags_CallbackCompletion | ImGuiInputTextFlags_CallbackHistory,
      InputEvents::receive, &events);
  ImGui::PopFont();
  widgets::note_widget(context.items, knob_path(row));
  editing_ = ImGui::IsItemActive();
  widgets::help_on_hover(place, editing_ ? std::string() : knob_help(row));
  if (edited) take(context, row);
  if (!editing_) completions_.clear();
}

void FormulaEditor::take(PanelContext& context, const view::KnobRow& row) {
  mistake_ = policy::mistake_in(text_);
  if (mistake_ || text_ == row.wanted) return;
  std::string name(row.info->name);
  context.send(run::command::SetKnob{.name = name, .value = text_}, name);
}

void FormulaEditor::draw_note(PanelContext& context, const plot::Rect& place) const {
  const plot::Theme& theme = context.theme;
  plot::TextStyle style{.color = theme.faint, .size = plot::TextSize::small};
  std::string words = "a score for each stored position; the lowest leaves first";
  if (mistake_) {
    style.color = theme.bad;
    words = mistake_words(*mistake_);
    widgets::help_on_hover(place, words + ". The last good formula stays in force.");
  }
  context.canvas.text({place.left, place.top},
                      fitted_text(context.canvas, words, style, place.width()), style);
}

void FormulaEditor::draw_completions(PanelContext& context, const plot::Rect& input) const {
  const plot::Theme& theme = context.theme;
  const float line = theme.line_height();
  const float padding = theme.unit() * 0.4F;
  const float names = theme.unit() * 6;
  const plot::TextStyle name{.color = theme.text, .face = plot::Face::mono};
  const plot::TextStyle help{.color = theme.quiet, .size = plot::TextSize::small};
  float widest = input.width();
  for (const Completion& completion : completions_) {
    const float words = context.overlay.measure(completion.help, help).width;
    widest = std::max(widest, names + words + 2 * padding);
  }
  const float height = line * static_cast<float>(completions_.size()) + 2 * padding;
  const plot::Rect list{input.left, input.bottom + 2, input.left + widest,
                        input.bottom + 2 + height};
  context.overlay.fill(list, theme.control, theme.rounding());
  context.overlay.rect(list, {theme.border}, theme.rounding());
  for (std::size_t at = 0; at < completions_.size(); ++at) {
    const float top = list.top + padding + line * static_cast<float>(at);
    if (at == chosen_) {
      context.overlay.fill({list.left + 2, top, list.right - 2, top + line},
                           theme.accent.with_alpha(0.25), theme.rounding() / 2);
    }
    const float middle = top + line / 2;
    context.overlay.text({list.left + padding, middle}, completions_[at].name, in_middle(name));
    context.overlay.text({list.left + padding + names, middle}, completions_[at].help,
                         in_middle(help));
  }
}

}  // namespace sketchscope::panels
