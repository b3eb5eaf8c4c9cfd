#pragma once

#include "gui/panels/panel.hpp"

namespace sketchscope::panels {

/// Returns the rows of a panel's CSV file. Where several runs are shown over each other, and the
/// panel's rows are of one run, they are the rows of each run after a column `run` with its letter,
/// those of a step at the same position in each. Runs are left out that are hidden, that have not
/// reached the position, or of which nothing is known.
view::DataTable rows_of_runs(const Panel& panel, const PanelContext& context);

}  // namespace sketchscope::panels
