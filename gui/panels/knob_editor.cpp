#include "gui/panels/knob_editor.hpp"

#include <imgui.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "gui/panels/panel_text.hpp"
#include "gui/platform/keyboard.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::panels {
namespace {

/// All lines have the same columns: label, widget, value.
float widget_left(const plot::Theme& theme, const plot::Rect& line) {
  return line.left + theme.unit() * 8.2F;
}
float value_left(const plot::Theme& theme, const plot::Rect& line) {
  return line.right - theme.unit() * 4.2F;
}
/// A tall line leaves space for the note below the widget.
float middle_of(const plot::Theme& theme, const plot::Rect& line) {
  return line.top + std::min(theme.unit() * 0.8F, line.height() / 2);
}

void send(PanelContext& context, const view::KnobRow& row, std::string value) {
  std::string name(row.info->name);
  context.send(run::command::SetKnob{.name = name, .value = std::move(value)}, name);
}

/// Returns a note of at most two words, which fits between label and widget.
std::string short_note(const view::KnobRow& row) {
  if (row.pending) return row.info->live ? "next step" : "next run";
  if (row.caveat != view::KnobCaveat::none) return std::string(view::caveat_words(row.caveat));
  return row.applied_at ? "step " + plot::count_text(*row.applied_at) : "";
}

void draw_note(PanelContext& context, const view::KnobRow& row, plot::Point right,
               plot::VerticalAlign vertical, const std::string& words) {
  const bool warns = row.pending || row.caveat == view::KnobCaveat::never_full;
  const plot::Color color = warns ? context.theme.pending : context.theme.faint;
  context.canvas.text(right, words,
                      {.color = color,
                       .size = plot::TextSize::small,
                       .align = plot::Align::right,
                       .vertical = vertical});
}

/// If a long label leaves no space, the note appears only in the tooltip.
void draw_note_before_widget(PanelContext& context, const view::KnobRow& row,
                             const plot::Rect& line) {
  const plot::Theme& theme = context.theme;
  const plot::Point right{widget_left(theme, line) - theme.unit() * 0.3F, middle_of(theme, line)};
  const std::string words = short_note(row);
  const float label = context.canvas.measure(row.info->name, label_style(theme)).width;
  const float note = context.canvas.measure(words, {.size = plot::TextSize::small}).width;
  if (line.left + label + theme.unit() * 0.4F + note > right.x) return;
  draw_note(context, row, right, plot::VerticalAlign::middle, words);
}

void draw_chevron(PanelContext& context, plot::Point center) {
  const float half = context.theme.unit() * 0.26F;
  const std::array<plot::Point, 3> points = {plot::Point{center.x - half, center.y - half * 0.5F},
                                             plot::Point{center.x, center.y + half * 0.5F},
                                             plot::Point{center.x + half, center.y - half * 0.5F}};
  context.canvas.polyline(points, {context.theme.quiet, 1.3F});
}

/// Draws the chosen value in its box, which ends at `right`. The combo's own text is not used,
/// since a font pushed before a combo could only be popped inside its list.
void draw_chosen(PanelContext& context, const Choice& choice, plot::Point left, float right) {
  const plot::Theme& theme = context.theme;
  const float room = right - left.x - theme.unit() * 1.1F;
  const bool fits = context.canvas.measure(choice.words, {}).width <= room;
  const plot::TextStyle style{.color = choice.color,
                              .size = fits ? plot::TextSize::normal : plot::TextSize::small,
                              .vertical = plot::VerticalAlign::middle};
  context.canvas.text(left, fitted_text(context.canvas, choice.words, style, room), style);
}

/// A name that is too long for its column is written small.
void draw_label(PanelContext& context, const plot::Rect& line, std::string_view words,
                bool dim = false) {
  plot::TextStyle style = label_style(context.theme);
  if (dim) style.color = context.theme.faint;
  const float column = widget_left(context.theme, line) - line.left - context.theme.unit() * 0.4F;
  if (context.canvas.measure(words, style).width > column) style.size = plot::TextSize::small;
  context.canvas.text({line.left, middle_of(context.theme, line)}, words, in_middle(style));
}

/// Returns the explanation of the present choice as a paragraph of its own.
std::string explained(std::string_view help) {
  return help.empty() ? std::string() : "\n" + std::string(help);
}

void show_choice_help(std::string_view knob, std::string_view choice) {
  const std::string help(view::choice_help(knob, choice));
  if (help.empty()) return;
  constexpr float kWidthInUnits = 28;
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(ImGui::GetFontSize() * kWidthInUnits);
  ImGui::TextUnformatted(help.c_str());
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

bool has_no_effect(const view::KnobRow& row) {
  return row.caveat == view::KnobCaveat::no_effect;
}

plot::Color value_color(const plot::Theme& theme, const view::KnobRow& row) {
  if (row.pending) return theme.pending;
  return has_no_effect(row) ? theme.faint : theme.text;
}

void draw_choice(PanelContext& context, const view::KnobRow& row, const plot::Rect& line) {
  const plot::Theme& theme = context.theme;
  const std::string path = knob_path(row);
  const Choice choice{
      .label = row.info->name,
      .path = path,
      .words = row.wanted,
      .color = value_color(theme, row),
      .help = knob_help(row) + explained(view::choice_help(row.info->name, row.wanted)),
      .dim = has_no_effect(row)};
  draw_choice_line(context, line, choice, [&] {
    for (const std::string_view value : row.info->choices) {
      const std::string words(value);
      if (ImGui::Selectable(words.c_str(), words == row.wanted)) send(context, row, words);
      if (ImGui::IsItemHovered()) show_choice_help(row.info->name, value);
      widgets::note_widget(context.items, path + "/" + words);
    }
  });
  if (!row.info->live) {
    constexpr std::string_view kNote = "next run";
    const float right = line.right - theme.unit() * 1.5F;
    const float words = context.canvas.measure(row.wanted, {}).width;
    const float note = context.canvas.measure(kNote, {.size = plot::TextSize::small}).width;
    if (widget_left(theme, line) + words + note + theme.unit() > right) return;
    draw_note(context, row, {right, middle_of(theme, line)}, plot::VerticalAlign::middle,
              std::string(kNote));
    return;
  }
  draw_note_before_widget(context, row, line);
}

}  // namespace

void draw_choice_line(PanelContext& context, const plot::Rect& line, const Choice& choice,
                      const std::function<void()>& draw_list) {
  const plot::Theme& theme = context.theme;
  draw_label(context, line, choice.label, choice.dim);
  const float left = widget_left(theme, line);
  const float middle = middle_of(theme, line);
  const float frame = std::min(ImGui::GetFrameHeight(), line.height() - 3);
  ImGui::SetCursorScreenPos({left, middle - frame / 2});
  const ImVec2 padding{ImGui::GetStyle().FramePadding.x, (frame - ImGui::GetFontSize()) / 2};
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, padding);
  ImGui::SetNextItemWidth(line.right - left);
  const bool open = ImGui::BeginCombo("##choice", "",
                                      ImGuiComboFlags_NoArrowButton | ImGuiComboFlags_HeightLarge);
  ImGui::PopStyleVar();
  widgets::note_widget(context.items, std::string(choice.path));
  if (open) {
    draw_list();
    if (platform::is_key_pressed(platform::Key::escape)) ImGui::CloseCurrentPopup();
    ImGui::EndCombo();
  }
  widgets::help_on_hover({left, line.top, line.right, line.bottom}, open ? "" : choice.help);
  draw_chosen(context, choice, {left + padding.x, middle}, line.right);
  draw_chevron(context, {line.right - theme.unit() * 0.65F, middle});
}

std::string knob_path(const view::KnobRow& row) {
  return "Knobs/" + std::string(row.info->name);
}

std::string knob_help(const view::KnobRow& row) {
  std::string help(row.info->help);
  if (!row.info->unit.empty()) help += " (" + std::string(row.info->unit) + ")";
  if (row.info->field == settings::KnobField(&settings::Knobs::policy)) {
    help += "\n" + policy::description_of(policy::policy_kinds().at(row.wanted));
  }
  if (!row.info->live) {
    return help + "\nActs on the next run: this one keeps " + row.applied +
           ". New run (Ctrl R) begins it.";
  }
  const std::string_view caveat = view::caveat_help(row.caveat);
  if (!caveat.empty()) help += "\n" + std::string(caveat);
  const std::string note = view::knob_note(row);
  return note.empty() || note == view::caveat_words(row.caveat) ? help : help + "\n" + note;
}

float KnobEditor::height_of(const plot::Theme& theme, const view::KnobRow& row) {
  return theme.unit() * (row.control == view::KnobControl::slider ? 2.45F : 2.0F);
}

float KnobEditor::draw(PanelContext& context, const view::KnobRow& row, float top, float tallest) {
  const plot::Theme& theme = context.theme;
  const float height = std::min(height_of(theme, row), tallest);
  const bool tight = height < height_of(theme, row);
  const plot::Rect line{context.area.left, top, context.area.right, top + height};
  if (row.control != view::KnobControl::choice) {
    draw_label(context, line, row.info->name, has_no_effect(row));
  }
  widgets::help_on_hover({line.left, line.top, widget_left(theme, line), line.bottom},
                         knob_help(row));

  ImGui::PushID(row.info->name.data(), row.info->name.data() + row.info->name.size());
  if (row.control == view::KnobControl::slider) draw_slider(context, row, line, tight);
  if (row.control == view::KnobControl::choice) draw_choice(context, row, line);
  if (row.control == view::KnobControl::number) draw_number(context, row, line);
  ImGui::PopID();
  return line.bottom;
}

void KnobEditor::draw_slider(PanelContext& context, const view::KnobRow& row,
                             const plot::Rect& line, bool tight) {
  const plot::Theme& theme = context.theme;
  const float middle = middle_of(theme, line);
  const float half = theme.unit() * 0.7F;
  const float split = value_left(theme, line);
  const plot::Rect slider{widget_left(theme, line), middle - half, split - theme.unit() * 0.3F,
                          middle + half};
  const widgets::ControlContext controls{context.canvas, theme, context.fonts, context.items};
  double share = held_.knob == row.info ? held_.share : row.share;
  if (widgets::thin_slider(controls, knob_path(row), slider, share,
                           knob_help(row) + "\nHeld with Shift, it acts when it is let go.")) {
    std::string value = view::slider_text(*row.info, share, context.model.config.positions,
                                          1 / static_cast<double>(slider.width()));
    if (ImGui::GetIO().KeyShift || held_.knob == row.info) {
      held_ = {row.info, share, std::move(value)};
    } else if (value != row.wanted) {
      send(context, row, std::move(value));
    }
  }
  if (held_.knob == row.info && !ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    release_held(context, row);
  }
  draw_value(context, row, {split, middle - half, line.right, middle + half});
  if (tight) return draw_note_before_widget(context, row, line);
  draw_note(context, row, {line.right, middle + theme.unit() * 0.6F}, plot::VerticalAlign::top,
            view::knob_note(row));
}

void KnobEditor::release_held(PanelContext& context, const view::KnobRow& row) {
  const Held held = std::exchange(held_, {});
  if (held.value != row.wanted) send(context, row, held.value);
}

void KnobEditor::draw_number(PanelContext& context, const view::KnobRow& row,
                             const plot::Rect& line) {
  const plot::Theme& theme = context.theme;
  const float middle = middle_of(theme, line);
  const float half = theme.unit() * 0.7F;
  draw_value(context, row, {widget_left(theme, line), middle - half, line.right, middle + half});
  draw_note_before_widget(context, row, line);
}

/// Draws the value, which becomes an input field when clicked.
void KnobEditor::draw_value(PanelContext& context, const view::KnobRow& row,
                            const plot::Rect& place) {
  if (edited_ == row.info) return draw_input(context, row, place);
  ImGui::SetCursorScreenPos({place.left, place.top});
  if (ImGui::InvisibleButton("value", {place.width(), place.height()})) {
    edited_ = row.info;
    wants_focus_ = true;
    std::snprintf(text_.data(), text_.size(), "%s", row.wanted.c_str());
  }
  context.items.note(knob_path(row) + "/value", place);
  if (ImGui::IsItemHovered()) context.canvas.fill(place, context.theme.control, 3);
  plot::TextStyle style = in_middle(value_style(context.theme));
  const bool held = held_.knob == row.info;
  style.color = held ? context.theme.pending : value_color(context.theme, row);
  context.canvas.text({place.right, place.center().y}, held ? held_.value : row.wanted, style);
}

void KnobEditor::draw_input(PanelContext& context, const view::KnobRow& row,
                            const plot::Rect& place) {
  ImGui::SetCursorScreenPos({place.left, place.top});
  ImGui::SetNextItemWidth(place.width());
  ImGui::PushFont(context.fonts.get(plot::Face::mono, plot::TextSize::normal));
  if (wants_focus_) ImGui::SetKeyboardFocusHere();
  const bool entered =
      ImGui::InputText("##input", text_.data(), text_.size(),
                       ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
  ImGui::PopFont();
  widgets::note_widget(context.items, knob_path(row) + "/value");
  if (entered) send(context, row, text_.data());
  const bool left = !wants_focus_ && !ImGui::IsItemActive();
  if (entered || left) edited_ = nullptr;
  wants_focus_ = false;
}

}  // namespace sketchscope::panels
