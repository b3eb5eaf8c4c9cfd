#include "gui/driver/step_values.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include "engine/core/text.hpp"
#include "gui/view/step_timeline.hpp"

namespace sketchscope::driver {
namespace {

// "query, key, value" becomes "query_key_value".
std::string path_word(std::string_view name) {
  std::string word(name);
  std::erase(word, ',');
  std::ranges::replace(word, ' ', '_');
  return word;
}

}  // namespace

void add_step_values(Values& values, const WindowFacts& facts) {
  values["step.ms"] = kAbsentValue;
  const auto shown = facts.selection.step(static_cast<std::int64_t>(facts.history.size()));
  const auto& traces = facts.state.step_traces;
  const auto found = std::ranges::find_if(
      traces, [&](const trace::StepTracePointer& trace) { return trace->step == shown; });
  if (found == traces.end()) return;
  const view::OperationTable table =
      view::operation_table({&*found, 1}, {}, facts.state.machine.get());
  values["step.ms"] = core::number_text(table.own.ms);
  values["step.threads"] = std::to_string((*found)->threads);
  for (const view::OperationRow& row : table.rows) {
    const std::string path = "step." + path_word(trace::kind_of(row.mean.operation).name) + ".";
    values[path + "ms"] = core::number_text(row.mean.ms);
    values[path + "calls"] = core::number_text(row.mean.calls);
    values[path + "bytes"] = core::number_text(row.mean.bytes);
    values[path + "multiply_adds"] = core::number_text(row.mean.multiply_adds);
    values[path + "bound_share"] =
        row.bound_share ? core::number_text(*row.bound_share) : std::string(kAbsentValue);
  }
}

}  // namespace sketchscope::driver
