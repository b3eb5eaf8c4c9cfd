#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formula/parser.hpp"
#include "gui/panels/panel.hpp"
#include "gui/view/knob_rows.hpp"

namespace sketchscope::panels {

/// A name or a function that a formula may go on with.
struct Completion {
  std::string name;  ///< a function with its opening bracket
  std::string help;
};

/// Returns the completions of the word that ends at `caret`; none after anything else.
std::vector<Completion> completions_at(std::string_view text, std::size_t caret);

/// Draws the line of a formula: label, text field, and below it what is wrong with the text. Every
/// edit that is a formula is sent at once and takes effect at the next step; else the last good one
/// stays in force. Names are completed with Tab, chosen with the arrows.
class FormulaEditor {
 public:
  static float height(const plot::Theme& theme);
  /// Draws the line and returns its lower end.
  float draw(PanelContext& context, const view::KnobRow& row, float top);

 private:
  struct InputEvents;
  void draw_input(PanelContext& context, const view::KnobRow& row, const plot::Rect& place);
  void draw_note(PanelContext& context, const plot::Rect& place) const;
  void draw_completions(PanelContext& context, const plot::Rect& input) const;
  void take(PanelContext& context, const view::KnobRow& row);

  std::string text_;
  bool editing_ = false;
  std::optional<formula::Mistake> mistake_;
  std::vector<Completion> completions_;
  std::size_t chosen_ = 0;
};

}  // namespace sketchscope::panels
