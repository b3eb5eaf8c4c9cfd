#pragma once

#include "gui/app/settings_keeper.hpp"
#include "gui/app/workspace.hpp"
#include "gui/widgets/action.hpp"

// Actions for the places and visibility of panels.

namespace sketchscope {

/// Adds actions of the whole layout: reset, grid, saved layouts.
void add_layout_actions(ActionTable& actions, Workspace& workspace, SettingsKeeper& settings);
/// Adds a panel's actions to enlarge and hide it.
void add_panel_layout_actions(ActionTable& actions, Workspace& workspace, const Panel& panel);
/// Adds the action that brings a panel in front of others in its place.
void add_front_action(ActionTable& actions, Workspace& workspace, const Panel& panel);

/// Saves the layout in the settings, unless a border is being dragged.
void remember_layout(const Workspace& workspace, SettingsKeeper& settings);

}  // namespace sketchscope
