#pragma once

#include "gui/app/settings_keeper.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/widgets/action.hpp"

// Actions that change how the run is shown, and need nothing of their own for it.

namespace sketchscope {

/// The step and the layer that all panels show.
void add_cursor_actions(ActionTable& actions, ShownRun& run);
/// The range and the scale of the axes.
void add_range_actions(ActionTable& actions, ShownRun& run);
/// Size of text, theme, colours.
void add_look_actions(ActionTable& actions, SettingsKeeper& settings);

/// Text and everything else by this factor, on top of the display's own.
void set_zoom(SettingsKeeper& settings, float zoom);

}  // namespace sketchscope
