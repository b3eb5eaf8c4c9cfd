#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/trace/machine_speed.hpp"
#include "engine/trace/step_trace.hpp"

namespace sketchscope::trace {

/// Writes steps in the Trace Event Format, a JSON object with `traceEvents` that Perfetto and
/// chrome://tracing open: a process for each run, in it a line for each thread and one for the GPU,
/// on them steps, operations and what helping threads were busy with. The arguments of an operation
/// are its layer, row, bytes, multiply-adds and share of its bound. Steps are written as they come.
class ChromeTraceWriter {
 public:
  /// The stream has to outlive the writer. With a machine that was not measured, no share is
  /// written.
  explicit ChromeTraceWriter(std::ostream& stream, MachineSpeed machine = {});

  /// Writes a step of a run under a title, such as "step 3".
  void add(const StepTrace& trace, std::string_view run, std::string_view title);
  /// Ends the JSON; to be called once, after the last step. `about` is kept with it, such as the
  /// configuration as JSON; it may be empty.
  void finish(std::string_view about = {});

 private:
  struct Event;
  // A run, and which of its lines have a name already.
  struct Process {
    std::string run;
    int threads = 0;
    bool device = false;
  };
  void write(const Event& event);
  void write_operation(const OperationSpan& span, int process, int thread,
                       std::int64_t step_begin_ns);
  void write_name(std::string_view kind, int process, int thread, std::string_view name);
  void write_text(std::string_view json);
  [[nodiscard]] int process_of(std::string_view run);
  void name_lines(int process, const StepTrace& trace);

  std::ostream& stream_;
  MachineSpeed machine_;
  std::vector<Process> processes_;  // counted from 1
  bool first_ = true;
};

}  // namespace sketchscope::trace
