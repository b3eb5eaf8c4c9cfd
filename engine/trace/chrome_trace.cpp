#include "engine/trace/chrome_trace.hpp"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

namespace sketchscope::trace {
namespace {

constexpr double kNanosecondsPerUs = 1e3;

nlohmann::json arguments_of(const OperationSpan& span, const MachineSpeed& machine) {
  nlohmann::json arguments = nlohmann::json::object();
  if (span.place.layer >= 0) arguments["layer"] = span.place.layer;
  if (span.place.row >= 0) arguments["row"] = span.place.row;
  if (span.work.bytes > 0) arguments["bytes"] = span.work.bytes;
  if (span.work.multiply_adds > 0) arguments["multiply_adds"] = span.work.multiply_adds;
  const double ms = milliseconds(span.duration_ns());
  if (const auto bound = bound_of(span.work, machine); bound && ms > 0) {
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

int ChromeTraceWriter::process_of(std::string_view run, int threads) {
  const auto found = std::ranges::find(runs_, run);
  const auto index = static_cast<std::size_t>(found - runs_.begin());
  const int process = static_cast<int>(index) + 1;
  if (found == runs_.end()) {
    runs_.emplace_back(run);
    threads_.push_back(0);
    write_text(nlohmann::json{{"name", "process_name"},
                              {"ph", "M"},
                              {"pid", process},
                              {"tid", 0},
                              {"args", {{"name", run}}}}
                   .dump());
  }
  name_threads(process, threads);
  return process;
}

void ChromeTraceWriter::name_threads(int process, int threads) {
  int& named = threads_[static_cast<std::size_t>(process) - 1];
  for (; named < threads; ++named) {
    const std::string name = named == 0 ? "step" : "helper " + std::to_string(named);
    write_text(nlohmann::json{{"name", "thread_name"},
                              {"ph", "M"},
                              {"pid", process},
                              {"tid", named},
                              {"args", {{"name", name}}}}
                   .dump());
  }
}

void ChromeTraceWriter::add(const StepTrace& trace, std::string_view run, std::string_view title) {
  const int process = process_of(run, trace.threads);
  write({.name = title,
         .category = "step",
         .process = process,
         .begin_ns = trace.begin_ns,
         .duration_ns = trace.duration_ns,
         .arguments = {{"step", trace.step}}});
  for (const OperationSpan& span : trace.spans) {
    write({.name = kind_of(span.operation).name,
           .category = "operation",
           .process = process,
           .thread = span.thread,
           .begin_ns = trace.begin_ns + span.begin_ns,
           .duration_ns = span.duration_ns(),
           .arguments = arguments_of(span, machine_)});
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
