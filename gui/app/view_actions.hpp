#pragma once

#include "gui/app/settings_keeper.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/widgets/action.hpp"

// Stateless actions that change the view of the run.

namespace sketchscope {

/// Adds actions for the step and the layer that all panels show.
void add_cursor_actions(ActionTable& actions, ShownRun& run);
/// Adds actions for the range and scale of axes.
void add_range_actions(ActionTable& actions, ShownRun& run);
/// Adds actions for text size, theme and colours.
void add_look_actions(ActionTable& actions, SettingsKeeper& settings);

/// Scales everything by this factor, in addition to the display's.
void set_zoom(SettingsKeeper& settings, float zoom);

}  // namespace sketchscope
