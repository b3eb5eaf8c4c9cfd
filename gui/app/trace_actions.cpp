#include "gui/app/trace_actions.hpp"

#include <sstream>

#include "engine/core/files.hpp"
#include "gui/view/trace_file.hpp"

namespace sketchscope::app {

void add_trace_actions(widgets::ActionTable& actions, ShownRun& run, FigureController& figures) {
  actions.add("save_trace", "Steps: save as Chrome trace",
              "The operations of the latest steps; Perfetto and chrome://tracing open it",
              {.enabled = [&run] { return !run.state().step_traces.empty(); },
               .run =
                   [&run, &figures] {
                     const auto path = figures.place().path_of("steps", ".json");
                     figures.save_and_tell(path, [&] {
                       std::ostringstream text;
                       view::write_trace(text, run.state(),
                                         figure_description(figures.facts(), {}, path));
                       core::write_file(path, text.str());
                     });
                   }});
}

}  // namespace sketchscope::app
