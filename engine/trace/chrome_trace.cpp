#include "engine/trace/chrome_trace.hpp"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

namespace sketchscope::trace {
namespace {

constexpr double kNanosecondsPerUs = 1e3;
constexpr int kDeviceLine = 1'000;  // beyond all threads

/// `machine` is null where the operation is not bound by its rates.
nlohmann::json arguments_of(const OperationSpan& span, const MachineSpeed* machine) {
  nlohmann::json arguments = nlohmann::json::object();
  if (span.place.layer >= 0) arguments["layer"] = span.place.layer;
  if (span.place.row >= 0) arguments["row"] = span.place.row;
  if (span.work.bytes > 0) arguments["bytes"] = span.work.bytes;
  if (span.work.multiply_adds > 0) arguments["multiply_adds"] = span.work.multiply_adds;
  if (machine == nullptr) return arguments;
  const double ms = milliseconds(span.duration_ns());
  if (const auto bound = bound_of(span.work, *machine); bound && ms > 0) {
    arguments["bound"] = bound->by_memory ? "memory" : "arithmetic";
    arguments["share_of_bound"] = bound->ms / ms;
  }
  return arguments;
}

}  // namespace

/// A complete event: begin and duration in one.
struct ChromeTraceWriter::Event {
  std::string_view name;
  std::string_view category;
  int process = 0;
  int thread = 0;
  std::int64_t begin_ns = 0;
  std::int64_t duration_ns = 0;
  nlohmann::json arguments = nlohmann::json::object();
};

ChromeTraceWriter::ChromeTraceWriter(std::ostream& stream, MachineSpeed machine)
    : stream_(stream), machine_(std::move(machine)) {
  stream_ << R"({"traceEvents": [)";
}

void ChromeTraceWriter::write_text(std::string_view json) {
  stream_ << (std::exchange(first_, false) ? "\n" : ",\n") << json;
}

void ChromeTraceWriter::write(const Event& event) {
  write_text(nlohmann::json{{"name", event.name},
                            {"cat", event.category},
                            {"ph", "X"},
                            {"ts", static_cast<double>(event.begin_ns) / kNanosecondsPerUs},
                            {"dur", static_cast<double>(event.duration_ns) / kNanosecondsPerUs},
                            {"pid", event.process},
                            {"tid", event.thread},
                            {"args", event.arguments}}
                 .dump());
}

int ChromeTraceWriter::process_of(std::string_view run) {
  const auto found = std::ranges::find(processes_, run, &Process::run);
  const int process = static_cast<int>(found - processes_.begin()) + 1;
  if (found == processes_.end()) {
    processes_.push_back({.run = std::string(run)});
    write_name("process_name", process, 0, run);
  }
  return process;
}

void ChromeTraceWriter::name_lines(int process, const StepTrace& trace) {
  Process& named = processes_[static_cast<std::size_t>(process) - 1];
  for (int& thread = named.threads; thread < trace.threads; ++thread) {
    write_name("thread_name", process, thread,
               thread == 0 ? "step" : "helper " + std::to_string(thread));
  }
  if (trace.on_device.empty() || std::exchange(named.device, true)) return;
  write_name("thread_name", process, kDeviceLine, "GPU");
}

void ChromeTraceWriter::write_name(std::string_view kind, int process, int thread,
                                   std::string_view name) {
  write_text(nlohmann::json{
      {"name", kind}, {"ph", "M"}, {"pid", process}, {"tid", thread}, {"args", {{"name", name}}}}
                 .dump());
}

void ChromeTraceWriter::write_operation(const OperationSpan& span, int process, int thread,
                                        std::int64_t step_begin_ns) {
  const bool bounded = thread != kDeviceLine && has_measured_bound(span.operation);
  write({.name = kind_of(span.operation).name,
         .category = "operation",
         .process = process,
         .thread = thread,
         .begin_ns = step_begin_ns + span.begin_ns,
         .duration_ns = span.duration_ns(),
         .arguments = arguments_of(span, bounded ? &machine_ : nullptr)});
}

void ChromeTraceWriter::add(const StepTrace& trace, std::string_view run, std::string_view title) {
  const int process = process_of(run);
  name_lines(process, trace);
  write({.name = title,
         .category = "step",
         .process = process,
         .begin_ns = trace.begin_ns,
         .duration_ns = trace.duration_ns,
         .arguments = {{"step", trace.step}}});
  for (const OperationSpan& span : trace.spans) {
    write_operation(span, process, span.thread, trace.begin_ns);
  }
  for (const OperationSpan& span : trace.on_device) {
    write_operation(span, process, kDeviceLine, trace.begin_ns);
  }
  for (const BusySpan& span : trace.busy) {
    nlohmann::json arguments = nlohmann::json::object();
    if (span.layer >= 0) arguments["layer"] = span.layer;
    write({.name = kind_of(span.operation).name,
           .category = "helper",
           .process = process,
           .thread = span.thread,
           .begin_ns = trace.begin_ns + span.begin_ns,
           .duration_ns = span.duration_ns(),
           .arguments = std::move(arguments)});
  }
}

void ChromeTraceWriter::finish(std::string_view about) {
  stream_ << "\n], \"displayTimeUnit\": \"ms\", \"otherData\": ";
  nlohmann::json other = nlohmann::json::object();
  if (!about.empty()) other["about"] = about;
  if (!machine_.cpu.empty()) other["machine"] = machine_.cpu;
  stream_ << other.dump() << "}\n";
}

}  // namespace sketchscope::trace
