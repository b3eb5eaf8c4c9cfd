#pragma once

#include "gui/app/figure_controller.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope::app {

/// Adds the action that saves the steps taken apart as a Chrome trace. `figures` names its file and
/// tells of it.
void add_trace_actions(widgets::ActionTable& actions, ShownRun& run, FigureController& figures);

}  // namespace sketchscope::app
