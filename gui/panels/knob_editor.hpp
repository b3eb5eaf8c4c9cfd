#pragma once

#include <array>
#include <functional>
#include <string>

#include "gui/panels/panel.hpp"
#include "gui/view/knob_rows.hpp"

namespace sketchscope::panels {

/// Returns the path of a knob's widget in scripts: "Knobs/sketch_width".
std::string knob_path(const view::KnobRow& row);
/// Returns the tooltip of a knob: its effect, its unit, and the status of its last change.
std::string knob_help(const view::KnobRow& row);

/// A line with a list of choices.
struct Choice {
  std::string_view label;
  std::string_view path;  ///< path in scripts
  std::string words;      ///< text of the present choice
  plot::Color color;
  std::string help;
  bool dim = false;  ///< whether it has no effect
};
/// Draws the line, and its list if open.
void draw_choice_line(PanelContext& context, const plot::Rect& line, const Choice& choice,
                      const std::function<void()>& draw_list);

/// Draws the lines of the knobs panel: label, slider or choice, value, note. A change is sent at
/// once with the knob's name as tag.
class KnobEditor {
 public:
  /// Returns the natural height of a line.
  static float height_of(const plot::Theme& theme, const view::KnobRow& row);
  /// Draws a line of at most `tallest` height. Returns its lower end.
  float draw(PanelContext& context, const view::KnobRow& row, float top, float tallest);

 private:
  void draw_slider(PanelContext& context, const view::KnobRow& row, const plot::Rect& line,
                   bool tight);
  void draw_number(PanelContext& context, const view::KnobRow& row, const plot::Rect& line);
  void draw_value(PanelContext& context, const view::KnobRow& row, const plot::Rect& place);
  /// Sends what was held back, once the slider is let go.
  void release_held(PanelContext& context, const view::KnobRow& row);
  void draw_input(PanelContext& context, const view::KnobRow& row, const plot::Rect& place);

  /// A value that a drag with Shift held has reached, and which is sent at its end.
  struct Held {
    const settings::KnobInfo* knob = nullptr;
    double share = 0;
    std::string value;
  };

  const settings::KnobInfo* edited_ = nullptr;  // the knob whose value is being typed
  Held held_;
  bool wants_focus_ = false;
  std::array<char, 64> text_{};
};

}  // namespace sketchscope::panels
