#pragma once

#include "gui/app/settings_keeper.hpp"
#include "gui/app/workspace.hpp"
#include "gui/widgets/action.hpp"

// Where panels lie, and which of them are shown.

namespace sketchscope {

/// Of the whole layout: as at first, all at once, saved ones.
void add_layout_actions(ActionTable& actions, Workspace& workspace, SettingsKeeper& settings);
/// Of one panel: alone, hidden.
void add_panel_layout_actions(ActionTable& actions, Workspace& workspace, const Panel& panel);
/// Of one that shares its place with others.
void add_front_action(ActionTable& actions, Workspace& workspace, const Panel& panel);

/// Keeps the layout for the next start, unless a border is being dragged.
void remember_layout(const Workspace& workspace, SettingsKeeper& settings);

}  // namespace sketchscope
