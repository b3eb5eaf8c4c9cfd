#pragma once

// The actions here keep no state of their own: they change how the run is shown, and where panels
// are.
#include "gui/app/settings.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/app/workspace.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope::app {

/// Adds actions for the step and the layer that all panels show.
void add_cursor_actions(widgets::ActionTable& actions, ShownRun& run);
/// Adds actions for the range and scale of axes.
void add_range_actions(widgets::ActionTable& actions, ShownRun& run);
/// Adds actions for text size, theme and colours.
void add_look_actions(widgets::ActionTable& actions, SettingsStore& settings);

/// Scales everything by this factor, in addition to the display's.
void set_zoom(SettingsStore& settings, float zoom);

/// Adds actions of the whole layout: reset, grid, saved layouts.
void add_layout_actions(widgets::ActionTable& actions, Workspace& workspace,
                        SettingsStore& settings);
/// Adds a panel's actions to enlarge and hide it.
void add_panel_layout_actions(widgets::ActionTable& actions, Workspace& workspace,
                              const panels::Panel& panel);
/// Adds the action that brings a panel in front of others in its place.
void add_front_action(widgets::ActionTable& actions, Workspace& workspace,
                      const panels::Panel& panel);

/// Saves the layout in the settings, unless a border is being dragged.
void remember_layout(const Workspace& workspace, SettingsStore& settings);

}  // namespace sketchscope::app
