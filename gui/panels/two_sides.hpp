#pragma once

#include "gui/panels/panel.hpp"

namespace sketchscope::panels {

/// The least width, in theme units, of a content area that has room for the pictures of two runs
/// beside each other.
inline constexpr float kLeastOfTwoSides = 36;

/// Returns whether the compared run B stands beside the panel's run and has made the step shown.
bool has_other(const PanelContext& context);

/// What differs between the contexts of two runs in one panel.
struct OtherSide {
  const view::History& history;
  const run::LiveState& state;
  widgets::Selection& selection;
  view::Occupancies& occupancies;
};

/// Returns the context of another run without the mouse, which has the rest of the panel's.
PanelContext of_run(const PanelContext& context, const OtherSide& run);

/// Returns the context of B, which shares all but the run with that of the panel. Call it only
/// where has_other().
PanelContext of_other(const PanelContext& context);

/// Draws the letter of the run of a place in the run's colour, and a line of quiet words after it
/// as far as they fit before `right`. Returns the height of the line.
float draw_side_title(PanelContext& context, std::size_t place, plot::Point at,
                      std::string_view words, float right);

}  // namespace sketchscope::panels
