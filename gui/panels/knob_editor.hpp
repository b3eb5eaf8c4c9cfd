#pragma once

#include <array>
#include <functional>
#include <string>

#include "gui/panels/panel.hpp"
#include "gui/view/knob_rows.hpp"

namespace sketchscope {

/// What scripts call the widget of a knob: "Knobs/sketch_width".
std::string knob_path(const KnobRow& row);
/// What it does, in which unit, and where a change of it stands.
std::string knob_help(const KnobRow& row);

/// A line with a list to choose from.
struct Choice {
  std::string_view label;
  std::string_view path;  ///< for scripts
  std::string words;      ///< what is chosen
  Color color;
  std::string help;
};
/// Draws the line, and its list while that is open.
void draw_choice_line(PanelContext& context, const Rect& line, const Choice& choice,
                      const std::function<void()>& draw_list);

/// Draws lines of the knob panel: label, slider or choice, value, note. A change is sent at once,
/// with the knob's name as tag.
class KnobEditor {
 public:
  /// Of a line where there is room for all of it.
  static float height_of(const Theme& theme, const KnobRow& row);
  /// Returns where the next line starts: at most `tallest` lower.
  float draw(PanelContext& context, const KnobRow& row, float top, float tallest);

 private:
  void draw_slider(PanelContext& context, const KnobRow& row, const Rect& line, bool tight);
  void draw_number(PanelContext& context, const KnobRow& row, const Rect& line);
  void draw_value(PanelContext& context, const KnobRow& row, const Rect& place);
  void draw_input(PanelContext& context, const KnobRow& row, const Rect& place);

  const KnobInfo* edited_ = nullptr;  // the knob whose value is being typed
  bool wants_focus_ = false;
  std::array<char, 64> text_{};
};

}  // namespace sketchscope
