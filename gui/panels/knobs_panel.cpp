#include <imgui.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "gui/panels/formula_editor.hpp"
#include "gui/panels/knob_editor.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/view/knob_rows.hpp"
#include "gui/view/panel_data.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::panels {
namespace {

constexpr std::string_view kPresetPath = "Knobs/preset";

void draw_presets(PanelContext& context, const view::Preset* chosen) {
  for (const view::Preset& preset : context.presets) {
    if (ImGui::Selectable(preset.name.c_str(), chosen == &preset)) {
      context.send(run::command::SetKnobs{view::with_preset(context.state.wanted, preset)},
                   "preset");
    }
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", preset.help.c_str());
    widgets::note_widget(context.items, std::string(kPresetPath) + "/" + preset.name);
  }
  ImGui::Separator();
  if (ImGui::Selectable("Save these as…")) context.run_action("save_preset");
  widgets::note_widget(context.items, std::string(kPresetPath) + "/save");
}

/// Draws a list of presets that shows the present one; a choice sets all knobs of cache and sketch
/// at once. Returns the lower end.
float draw_preset_row(PanelContext& context, float top, float tallest) {
  const float height = std::min(context.theme.unit() * 2, tallest);
  const plot::Rect line{context.area.left, top, context.area.right, top + height};
  const view::Preset* chosen = view::preset_of(context.state.wanted, context.presets);
  ImGui::PushID("preset");
  const std::string help = chosen ? chosen->help : "The knobs as they were turned.";
  const Choice choice{.label = "preset",
                      .path = kPresetPath,
                      .words = chosen ? chosen->name : "own values",
                      .color = chosen ? context.theme.text : context.theme.quiet,
                      .help = help + "\nA preset turns all knobs of cache and sketch at once."};
  draw_choice_line(context, line, choice, [&] { draw_presets(context, chosen); });
  ImGui::PopID();
  return line.bottom;
}

/// The knobs that have an effect with the present others. A change is sent at once and applies at
/// the next step.
class KnobsPanel final : public Panel {
 public:
  std::string_view name() const override { return "knobs"; }
  std::string_view title() const override { return "Knobs"; }
  std::string_view help() const override {
    return "Every knob that has an effect beside the others: `read topk` brings read_k. Live ones "
           "apply at the next step; a click on a number lets you type it. The marks on the time "
           "axes are these changes.";
  }

  view::DataTable data(const PanelContext& context) const override {
    return view::knobs_data(context.state);
  }

  void draw(PanelContext& context) override {
    const int positions = context.model.config.positions;
    layout(context, positions);
    // A card that is too low scrolls, so that texts do not overlap.
    const float tallest = std::max(tallest_row(context), context.theme.unit() * kLeastRow);
    const plot::Clip clip(context.canvas, context.area);
    float top = context.area.top - ImGui::GetScrollY();
    top = draw_preset_row(context, top, tallest);
    for (std::size_t index = 0; index < groups_.size(); ++index) {
      if (groups_[index].empty()) continue;
      top = draw_heading(context, kTitles[index], top);
      for (const view::KnobRow& row : groups_[index]) {
        if (row.control == view::KnobControl::fixed) continue;
        top = row.control == view::KnobControl::formula ? formula_.draw(context, row, top)
                                                        : editor_.draw(context, row, top, tallest);
      }
      top = draw_fixed(context, groups_[index], top);
    }
    top = draw_heading(context, "REFERENCE", top);
    draw_references(context, top);
    ImGui::SetCursorScreenPos({context.area.left, top + context.theme.unit() * 1.6F});
    ImGui::Dummy({1, 1});
  }

 private:
  static constexpr float kLeastRow = 1.31F;  // in text heights
  static constexpr std::array<settings::KnobGroup, 3> kGroups = {
      settings::KnobGroup::cache, settings::KnobGroup::sketch, settings::KnobGroup::sampling};
  static constexpr std::array<std::string_view, 3> kTitles = {"CACHE", "SKETCH", "SAMPLING"};

  void layout(const PanelContext& context, int positions) {
    for (std::size_t index = 0; index < kGroups.size(); ++index) {
      groups_[index] = view::knob_rows(kGroups[index], context.state, positions);
      std::erase_if(groups_[index], [&](const view::KnobRow& row) {
        // Of all families only GPT-2 has learned positions.
        const bool learned = context.model.config.family == model::ModelFamily::gpt2;
        return !row.info->matters(context.state.wanted) || (row.info->rotary && learned);
      });
    }
  }

  /// Returns the height limit per row with which all rows fit.
  [[nodiscard]] float tallest_row(const PanelContext& context) const {
    const plot::Theme& theme = context.theme;
    float rows = 1;                                         // the preset's
    float rest = heading_height(theme) + theme.unit() * 2;  // the references
    for (const auto& group : groups_) {
      if (group.empty()) continue;
      rest += heading_height(theme);
      const auto fixed =
          std::ranges::count(group, view::KnobControl::fixed, &view::KnobRow::control);
      const auto formulas =
          std::ranges::count(group, view::KnobControl::formula, &view::KnobRow::control);
      rows += static_cast<float>(std::ssize(group) - fixed - formulas);
      rest += static_cast<float>(formulas) * FormulaEditor::height(theme);
      if (fixed > 0) rest += fixed_height(theme);
    }
    return (context.area.height() - rest) / rows;
  }

  static float heading_height(const plot::Theme& theme) { return theme.small_text * 1.75F; }
  static float fixed_height(const plot::Theme& theme) { return theme.small_text * 1.8F; }

  static float draw_heading(PanelContext& context, std::string_view words, float top) {
    const plot::Theme& theme = context.theme;
    const float middle = top + theme.small_text * 0.8F;
    plot::TextStyle style = in_middle(small_style(theme));
    context.canvas.text({context.area.left, middle}, words, style);
    const float left =
        context.area.left + context.canvas.measure(words, style).width + theme.unit();
    context.canvas.line({left, middle}, {context.area.right, middle}, {theme.border});
    return top + heading_height(theme);
  }

  /// Draws a line of the knobs that have only one value in this build.
  static float draw_fixed(PanelContext& context, const std::vector<view::KnobRow>& rows,
                          float top) {
    const plot::Theme& theme = context.theme;
    float left = context.area.left;
    bool any = false;
    plot::TextStyle label{.color = theme.faint, .size = plot::TextSize::small};
    plot::TextStyle value{
        .color = theme.quiet, .face = plot::Face::mono, .size = plot::TextSize::small};
    for (const view::KnobRow& row : rows) {
      if (row.control != view::KnobControl::fixed) continue;
      any = true;
      const float from = left;
      context.canvas.text({left, top}, row.info->name, label);
      left += context.canvas.measure(row.info->name, label).width + theme.unit() * 0.4F;
      context.canvas.text({left, top}, row.wanted, value);
      left += context.canvas.measure(row.wanted, value).width;
      const plot::Rect place{from, top, left, top + theme.small_text * 1.4F};
      context.items.note(knob_path(row), place, false);
      widgets::help_on_hover(place, knob_help(row) + "\nOnly one value in this version.");
      left += theme.unit();
    }
    return any ? top + fixed_height(theme) : top;
  }

  static void draw_references(PanelContext& context, float top) {
    const float half = context.area.width() / 2;
    draw_switch(context, "twin", context.state.twin, {context.area.left, top},
                "A full-cache lane fed the same tokens: gives next-token KL and rank changes.",
                [&](bool on) { context.send(run::command::SetTwin{on}, "twin"); });
    draw_switch(context, "audit", context.state.audit, {context.area.left + half, top},
                "Keeps evicted keys and values and exact counters to measure with; its bytes are "
                "not the policy's.",
                [&](bool on) { context.send(run::command::SetAudit{on}, "audit"); });
  }

  template <class Change>
  static void draw_switch(PanelContext& context, const char* name, bool on, plot::Point at,
                          std::string_view help, const Change& change) {
    const plot::Theme& theme = context.theme;
    const float height = theme.unit() * 1.15F;
    const float width = height * 1.8F;
    const float label_width = theme.unit() * 3.2F;
    const plot::Rect place{at.x, at.y, at.x + label_width + width, at.y + theme.unit() * 1.6F};
    ImGui::SetCursorScreenPos({place.left, place.top});
    if (ImGui::InvisibleButton(name, {place.width(), place.height()})) change(!on);
    context.items.note("Knobs/" + std::string(name), place);
    widgets::help_on_hover(place, help);
    const float middle = place.center().y;
    context.canvas.text({at.x, middle}, name, in_middle(label_style(theme)));
    const plot::Rect track{at.x + label_width, middle - height / 2, at.x + label_width + width,
                           middle + height / 2};
    const float knob = on ? track.right - height / 2 : track.left + height / 2;
    context.canvas.fill(track, on ? theme.accent : theme.control, height / 2);
    if (!on) context.canvas.rect(track, {theme.border}, height / 2);
    context.canvas.fill_circle({knob, middle}, height * 0.36F, on ? theme.on_accent : theme.quiet);
  }

  std::array<std::vector<view::KnobRow>, kGroups.size()> groups_;
  KnobEditor editor_;
  FormulaEditor formula_;
};

}  // namespace

std::unique_ptr<Panel> make_knobs_panel() {
  return std::make_unique<KnobsPanel>();
}

}  // namespace sketchscope::panels
