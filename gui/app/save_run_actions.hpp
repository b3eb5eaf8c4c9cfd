#pragma once

#include "gui/app/figure_controller.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope::app {

/// Adds the actions that save the run as a .scope file.
void add_save_run_actions(widgets::ActionTable& actions, ShownRun& run, FigureController& figures);

}  // namespace sketchscope::app
