#pragma once

// The actions here keep no state of their own: they change how the run is shown.
#include "gui/app/settings.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope::app {

/// Adds actions for the step and the layer that all panels show.
void add_cursor_actions(widgets::ActionTable& actions, ShownRun& run);
/// Adds actions for the range and scale of axes.
void add_range_actions(widgets::ActionTable& actions, ShownRun& run);
/// Adds actions for the range of axes of positions.
void add_position_actions(widgets::ActionTable& actions, ShownRun& run);
/// Adds actions for text size, theme and colours.
void add_look_actions(widgets::ActionTable& actions, SettingsStore& settings);

/// Scales everything by this factor, in addition to the display's.
void set_zoom(SettingsStore& settings, float zoom);

}  // namespace sketchscope::app
