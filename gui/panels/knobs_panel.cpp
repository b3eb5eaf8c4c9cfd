#include <imgui.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "gui/app/controls.hpp"
#include "gui/driver/widget.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/view/knob_rows.hpp"
#include "gui/view/quantity.hpp"

namespace sketchscope {
namespace {

/// Where the parts of a row stand.
struct RowPlace {
  Rect row;
  float widget_left = 0;
  float value_left = 0;
};

/// All knobs, from the knob table; a change is sent at once and applies at the next step.
class KnobsPanel final : public Panel {
 public:
  std::string_view name() const override { return "knobs"; }
  std::string_view title() const override { return "Knobs"; }
  std::string_view help() const override {
    return "Every knob of the run. Live ones apply at the next step; a click on a number lets you "
           "type it. The marks on the time axes are these changes.";
  }

  void draw(PanelContext& context) override {
    const int positions = context.model.config.positions;
    layout(context, positions);
    float top = context.area.top;
    for (std::size_t index = 0; index < groups_.size(); ++index) {
      top = draw_heading(context, kTitles[index], top);
      for (const KnobRow& row : groups_[index]) {
        if (row.control == KnobControl::fixed) continue;
        const float height = height_of(context.theme, row);
        draw_knob(context, row, place_of(context, top, height), positions);
        top += height;
      }
      top = draw_fixed(context, groups_[index], top);
    }
    top = draw_heading(context, "REFERENCE", top);
    draw_references(context, top);
  }

 private:
  static constexpr std::array<KnobGroup, 3> kGroups = {KnobGroup::cache, KnobGroup::sketch,
                                                       KnobGroup::sampling};
  static constexpr std::array<std::string_view, 3> kTitles = {"CACHE", "SKETCH", "SAMPLING"};

  void layout(const PanelContext& context, int positions) {
    for (std::size_t index = 0; index < kGroups.size(); ++index) {
      groups_[index] = knob_rows(kGroups[index], context.state, positions);
    }
  }

  static float height_of(const Theme& theme, const KnobRow& row) {
    return theme.unit() * (row.control == KnobControl::slider ? 2.45F : 2.0F);
  }

  static RowPlace place_of(const PanelContext& context, float top, float height) {
    const float unit = context.theme.unit();
    const Rect row{context.area.left, top, context.area.right, top + height};
    return {row, row.left + unit * 8.4F, row.right - unit * 4.2F};
  }

  static float draw_heading(PanelContext& context, std::string_view words, float top) {
    const Theme& theme = context.theme;
    const float middle = top + theme.small_text * 0.8F;
    TextStyle style = small_style(theme);
    style.vertical = VerticalAlign::middle;
    context.canvas.text({context.area.left, middle}, words, style);
    const float left =
        context.area.left + context.canvas.measure(words, style).width + theme.unit();
    context.canvas.line({left, middle}, {context.area.right, middle}, {theme.border});
    return top + theme.small_text * 1.75F;
  }

  void draw_knob(PanelContext& context, const KnobRow& row, const RowPlace& place, int positions) {
    const Theme& theme = context.theme;
    const float middle = place.row.top + theme.unit() * 0.8F;
    TextStyle label = label_style(theme);
    label.vertical = VerticalAlign::middle;
    context.canvas.text({place.row.left, middle}, row.info->name, label);
    ImGui::PushID(row.info->name.data(), row.info->name.data() + row.info->name.size());
    switch (row.control) {
      case KnobControl::slider:
        draw_slider(context, row, place, positions);
        break;
      case KnobControl::choice:
        draw_choice(context, row, place);
        break;
      case KnobControl::number:
        draw_number(context, row, place);
        break;
      case KnobControl::fixed:
        break;
    }
    ImGui::PopID();
    help_on_hover({place.row.left, place.row.top, place.widget_left, place.row.bottom},
                  help_of(row));
  }

  static std::string path_of(const KnobRow& row) { return "Knobs/" + std::string(row.info->name); }

  static std::string help_of(const KnobRow& row) {
    std::string help = std::string(row.info->help);
    if (!row.info->unit.empty()) help += " (" + std::string(row.info->unit) + ")";
    const std::string note = knob_note(row);
    return note.empty() ? help : help + "\n" + note;
  }

  static void send(PanelContext& context, const KnobRow& row, std::string value) {
    std::string name(row.info->name);
    context.send(command::SetKnob{.name = name, .value = std::move(value)}, name);
  }

  void draw_slider(PanelContext& context, const KnobRow& row, const RowPlace& place,
                   int positions) {
    const Theme& theme = context.theme;
    const float middle = place.row.top + theme.unit() * 0.8F;
    const float half = theme.unit() * 0.7F;
    const Rect slider{place.widget_left, middle - half, place.value_left - theme.unit() * 0.3F,
                      middle + half};
    const ControlContext controls{context.canvas, theme, context.fonts, context.items};
    double share = row.share;
    if (thin_slider(controls, path_of(row), slider, share, help_of(row))) {
      std::string value = slider_text(*row.info, share, positions);
      if (value != row.wanted) send(context, row, std::move(value));
    }
    draw_typed_value(context, row,
                     {place.value_left, middle - half, place.row.right, middle + half});
    draw_note(context, row, {place.row.right, middle + theme.unit() * 0.6F}, VerticalAlign::top);
  }

  /// A number that turns into an input where it is clicked.
  void draw_typed_value(PanelContext& context, const KnobRow& row, const Rect& place) {
    const Theme& theme = context.theme;
    const std::string path = path_of(row) + "/value";
    if (editing_ == row.info) return draw_input(context, row, place, path);
    ImGui::SetCursorScreenPos({place.left, place.top});
    if (ImGui::InvisibleButton("value", {place.width(), place.height()})) {
      editing_ = row.info;
      focus_ = true;
      std::snprintf(text_.data(), text_.size(), "%s", row.wanted.c_str());
    }
    context.items.note(path, place);
    if (ImGui::IsItemHovered()) context.canvas.fill(place, theme.control, 3);
    TextStyle style = value_style(theme);
    style.vertical = VerticalAlign::middle;
    style.color = row.pending ? theme.pending : theme.text;
    context.canvas.text({place.right, place.center().y}, row.wanted, style);
  }

  void draw_input(PanelContext& context, const KnobRow& row, const Rect& place,
                  const std::string& path) {
    ImGui::SetCursorScreenPos({place.left, place.top});
    ImGui::SetNextItemWidth(place.width());
    ImGui::PushFont(context.fonts.get(Face::mono, TextSize::normal));
    if (focus_) ImGui::SetKeyboardFocusHere();
    const bool entered =
        ImGui::InputText("##input", text_.data(), text_.size(),
                         ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
    ImGui::PopFont();
    note_widget(context.items, path);
    if (entered) send(context, row, text_.data());
    if (entered || (!focus_ && !ImGui::IsItemActive())) editing_ = nullptr;
    focus_ = false;
  }

  static void draw_choice(PanelContext& context, const KnobRow& row, const RowPlace& place) {
    const Theme& theme = context.theme;
    const float height = ImGui::GetFrameHeight();
    const float middle = place.row.top + theme.unit() * 0.8F;
    ImGui::SetCursorScreenPos({place.widget_left, middle - height / 2});
    ImGui::SetNextItemWidth(place.row.right - place.widget_left);
    if (row.pending) {
      const Color color = theme.pending;
      ImGui::PushStyleColor(ImGuiCol_Text, IM_COL32(color.red, color.green, color.blue, 255));
    }
    const float room = place.row.right - place.widget_left - theme.unit() * 2;
    const bool fits = context.canvas.measure(row.wanted, {}).width <= room;
    ImGui::PushFont(context.fonts.get(Face::sans, fits ? TextSize::normal : TextSize::small));
    const bool open =
        ImGui::BeginCombo("##choice", row.wanted.c_str(), ImGuiComboFlags_NoArrowButton);
    ImGui::PopFont();
    if (row.pending) ImGui::PopStyleColor();
    note_widget(context.items, path_of(row));
    draw_chevron(context, {place.row.right - theme.unit() * 0.9F, middle});
    if (open) {
      for (const std::string_view choice : row.info->choices) {
        const std::string words(choice);
        if (ImGui::Selectable(words.c_str(), words == row.wanted)) send(context, row, words);
        note_widget(context.items, path_of(row) + "/" + words);
      }
      ImGui::EndCombo();
    }
    draw_note(context, row, {place.widget_left - theme.unit() * 0.6F, middle},
              VerticalAlign::middle);
  }

  static void draw_chevron(PanelContext& context, Point center) {
    const float half = context.theme.unit() * 0.26F;
    const std::array<Point, 3> points = {Point{center.x - half, center.y - half * 0.5F},
                                         Point{center.x, center.y + half * 0.5F},
                                         Point{center.x + half, center.y - half * 0.5F}};
    context.canvas.polyline(points, {context.theme.quiet, 1.3F});
  }

  void draw_number(PanelContext& context, const KnobRow& row, const RowPlace& place) {
    const Theme& theme = context.theme;
    const float middle = place.row.top + theme.unit() * 0.8F;
    const float half = theme.unit() * 0.75F;
    draw_typed_value(context, row,
                     {place.widget_left, middle - half, place.row.right, middle + half});
    draw_note(context, row, {place.widget_left - theme.unit() * 0.6F, middle},
              VerticalAlign::middle);
  }

  static void draw_note(PanelContext& context, const KnobRow& row, Point right,
                        VerticalAlign vertical) {
    TextStyle style = small_style(context.theme);
    style.align = Align::right;
    style.vertical = vertical;
    if (row.pending) style.color = context.theme.pending;
    context.canvas.text(right, vertical == VerticalAlign::top ? knob_note(row) : short_note(row),
                        style);
  }

  /// Between label and widget there is room for two words.
  static std::string short_note(const KnobRow& row) {
    if (row.pending) return row.info->live ? "next step" : "next run";
    return row.applied_at ? "step " + count_text(*row.applied_at) : "";
  }

  /// Knobs that this build knows one value of, on a line of their own.
  static float draw_fixed(PanelContext& context, const std::vector<KnobRow>& rows, float top) {
    const Theme& theme = context.theme;
    float left = context.area.left;
    bool any = false;
    TextStyle label{.color = theme.faint, .size = TextSize::small};
    TextStyle value{.color = theme.quiet, .face = Face::mono, .size = TextSize::small};
    for (const KnobRow& row : rows) {
      if (row.control != KnobControl::fixed) continue;
      any = true;
      const float from = left;
      context.canvas.text({left, top}, row.info->name, label);
      left += context.canvas.measure(row.info->name, label).width + theme.unit() * 0.4F;
      context.canvas.text({left, top}, row.wanted, value);
      left += context.canvas.measure(row.wanted, value).width;
      const Rect place{from, top, left, top + theme.small_text * 1.4F};
      context.items.note(path_of(row), place, false);
      help_on_hover(place, help_of(row) + "\nOnly one value in this version.");
      left += theme.unit();
    }
    return any ? top + theme.small_text * 1.8F : top;
  }

  static void draw_references(PanelContext& context, float top) {
    const float half = context.area.width() / 2;
    draw_switch(context, "twin", context.state.twin, {context.area.left, top},
                "A full-cache lane fed the same tokens: gives next-token KL and rank changes.",
                [&](bool on) { context.send(command::SetTwin{on}, "twin"); });
    draw_switch(context, "audit", context.state.audit, {context.area.left + half, top},
                "Keeps evicted keys and values and exact counters to measure with; its bytes are "
                "not the policy's.",
                [&](bool on) { context.send(command::SetAudit{on}, "audit"); });
  }

  template <class Change>
  static void draw_switch(PanelContext& context, const char* name, bool on, Point at,
                          std::string_view help, const Change& change) {
    const Theme& theme = context.theme;
    const float height = theme.unit() * 1.15F;
    const float width = height * 1.8F;
    const float label_width = theme.unit() * 3.2F;
    const Rect place{at.x, at.y, at.x + label_width + width, at.y + theme.unit() * 1.6F};
    ImGui::SetCursorScreenPos({place.left, place.top});
    if (ImGui::InvisibleButton(name, {place.width(), place.height()})) change(!on);
    context.items.note("Knobs/" + std::string(name), place);
    help_on_hover(place, help);
    const float middle = place.center().y;
    TextStyle label = label_style(theme);
    label.vertical = VerticalAlign::middle;
    context.canvas.text({at.x, middle}, name, label);
    const Rect track{at.x + label_width, middle - height / 2, at.x + label_width + width,
                     middle + height / 2};
    const float knob = on ? track.right - height / 2 : track.left + height / 2;
    context.canvas.fill(track, on ? theme.accent : theme.control, height / 2);
    if (!on) context.canvas.rect(track, {theme.border}, height / 2);
    context.canvas.fill_circle({knob, middle}, height * 0.36F, on ? theme.on_accent : theme.quiet);
  }

  std::array<std::vector<KnobRow>, kGroups.size()> groups_;
  const KnobInfo* editing_ = nullptr;
  bool focus_ = false;
  std::array<char, 64> text_{};
};

}  // namespace

std::unique_ptr<Panel> make_knobs_panel() {
  return std::make_unique<KnobsPanel>();
}

}  // namespace sketchscope
