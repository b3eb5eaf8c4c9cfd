#include "gui/view/trace_file.hpp"

#include <string>

#include "engine/trace/chrome_trace.hpp"
#include "gui/view/step_timeline.hpp"

namespace sketchscope::view {

void write_trace(std::ostream& stream, const run::LiveState& state, std::string_view about) {
  trace::ChromeTraceWriter writer(stream, state.machine ? *state.machine : trace::MachineSpeed());
  const auto title = [](const trace::StepTrace& step) {
    return "step " + std::to_string(step.step);
  };
  const run::LiveState* other = state.other();
  for (const trace::StepTracePointer& step : state.step_traces) {
    const trace::StepTrace* same =
        other != nullptr ? trace_of_step(other->step_traces, step->step) : nullptr;
    const bool both = same != nullptr && same->begin_ns == step->begin_ns;
    writer.add(*step, both ? "A and B" : "A", title(*step));
  }
  if (other != nullptr) {
    for (const trace::StepTracePointer& step : other->step_traces) {
      const trace::StepTrace* same = trace_of_step(state.step_traces, step->step);
      if (same != nullptr && same->begin_ns == step->begin_ns) continue;
      writer.add(*step, "B", title(*step));
    }
  }
  writer.finish(about);
}

}  // namespace sketchscope::view
