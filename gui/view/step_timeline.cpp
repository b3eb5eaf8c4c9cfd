#include "gui/view/step_timeline.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <map>
#include <sstream>

namespace sketchscope::view {
namespace {

std::string in_small_letters(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(),
                         [](unsigned char letter) { return std::tolower(letter); });
  return small;
}

/// The time from the first to the last operation of each layer, where the pass ran.
TimelineLine layer_line(const trace::StepTrace& step) {
  TimelineLine line{.name = "layer", .bars = {}};
  for (const trace::OperationSpan& span : step.on_device.empty() ? step.spans : step.on_device) {
    if (span.place.layer < 0 || trace::kind_of(span.operation).within) continue;
    const bool goes_on = !line.bars.empty() && line.bars.back().layer == span.place.layer;
    if (!goes_on) {
      line.bars.push_back({.operation = {},
                           .layer = span.place.layer,
                           .begin_ms = trace::milliseconds(span.begin_ns)});
    }
    line.bars.back().end_ms = trace::milliseconds(span.end_ns);
  }
  return line;
}

TimelineBar bar_of(const trace::OperationSpan& span) {
  return {.operation = span.operation,
          .layer = span.place.layer,
          .row = span.place.row,
          .begin_ms = trace::milliseconds(span.begin_ns),
          .end_ms = trace::milliseconds(span.end_ns),
          .work = span.work,
          .nested = trace::kind_of(span.operation).within.has_value(),
          .bounded = trace::has_measured_bound(span.operation)};
}

void sort_by_begin(std::vector<TimelineBar>& bars) {
  std::ranges::stable_sort(bars, [](const TimelineBar& a, const TimelineBar& b) {
    return a.begin_ms != b.begin_ms ? a.begin_ms < b.begin_ms : a.nested < b.nested;
  });
}

/// Returns the rows of operations that lie in no other, the longest first, with those within each.
std::vector<OperationRow> in_order(std::vector<OperationRow> rows) {
  std::ranges::stable_sort(rows, std::greater<>(),
                           [](const OperationRow& row) { return row.mean.ms; });
  std::vector<OperationRow> ordered;
  for (const OperationRow& row : rows) {
    if (row.within()) continue;
    ordered.push_back(row);
    std::ranges::copy_if(rows, std::back_inserter(ordered), [&](const OperationRow& inner) {
      return inner.within() == row.mean.operation;
    });
  }
  return ordered;
}

/// The operations that a device ran. What bounds them was not measured.
TimelineLine device_line(const trace::StepTrace& step) {
  TimelineLine line{.name = "GPU", .bars = {}};
  for (const trace::OperationSpan& span : step.on_device) {
    line.bars.push_back(bar_of(span));
    line.bars.back().bounded = false;
  }
  return line;
}

std::map<trace::Operation, double> ms_by_operation(std::span<const trace::OperationMean> means) {
  std::map<trace::Operation, double> ms;
  for (const trace::OperationMean& mean : means) ms[mean.operation] = mean.ms;
  return ms;
}

/// Returns a row without its bound. `other` has the compared run's times.
OperationRow row_of(const trace::OperationMean& mean, double step_ms,
                    const std::map<trace::Operation, double>& other) {
  OperationRow row{.mean = mean, .share = step_ms > 0 ? mean.ms / step_ms : 0};
  if (const auto found = other.find(mean.operation); found != other.end())
    row.other_ms = found->second;
  return row;
}

void find_bound(const trace::MachineSpeed& machine, OperationRow& row) {
  if (!trace::has_measured_bound(row.mean.operation)) return;
  row.bound_share = trace::share_of_bound(row.mean.work(), row.mean.ms, machine);
  if (const auto bound = trace::bound_of(row.mean.work(), machine))
    row.bound_by_memory = bound->by_memory;
}

std::string text_or_nothing(const std::optional<double>& value) {
  return value ? exact_text(*value) : std::string();
}

}  // namespace

std::vector<TimelineLine> timeline_lines(const trace::StepTrace& step) {
  std::vector<TimelineLine> lines = {layer_line(step)};
  for (int thread = 0; thread < step.threads; ++thread) {
    TimelineLine line{.name = thread == 0 ? "step" : "helper " + std::to_string(thread),
                      .bars = {}};
    for (const trace::OperationSpan& span : step.spans) {
      if (span.thread == thread) line.bars.push_back(bar_of(span));
    }
    for (const trace::BusySpan& busy : step.busy) {
      if (busy.thread != thread) continue;
      line.bars.push_back({.operation = busy.operation,
                           .layer = busy.layer,
                           .begin_ms = trace::milliseconds(busy.begin_ns),
                           .end_ms = trace::milliseconds(busy.end_ns)});
    }
    sort_by_begin(line.bars);
    lines.push_back(std::move(line));
  }
  if (!step.on_device.empty()) lines.push_back(device_line(step));
  return lines;
}

std::string bar_name(const TimelineBar& bar) {
  if (bar.operation) return std::string(trace::kind_of(*bar.operation).name);
  return "layer " + std::to_string(bar.layer);
}

bool matches_search(const TimelineBar& bar, std::string_view search) {
  const std::string name = in_small_letters(bar_name(bar));
  std::istringstream words(in_small_letters(search));
  for (std::string word; words >> word;) {
    const bool names_layer = word == "l" + std::to_string(bar.layer);
    if (!names_layer && name.find(word) == std::string::npos) return false;
  }
  return true;
}

const trace::StepTrace* trace_of_step(std::span<const trace::StepTracePointer> traces,
                                      std::int64_t step) {
  const auto found = std::ranges::lower_bound(
      traces, step, {}, [](const trace::StepTracePointer& trace) { return trace->step; });
  return found != traces.end() && (*found)->step == step ? found->get() : nullptr;
}

std::vector<trace::StepTracePointer> traces_in(std::span<const trace::StepTracePointer> traces,
                                               StepRange range) {
  std::vector<trace::StepTracePointer> inside;
  std::ranges::copy_if(traces, std::back_inserter(inside), [&](const auto& trace) {
    const auto step = static_cast<double>(trace->step);
    return step >= std::floor(range.first) && step <= std::ceil(range.last);
  });
  return inside;
}

OperationTable operation_table(std::span<const trace::StepTracePointer> own,
                               std::span<const trace::StepTracePointer> other,
                               const trace::MachineSpeed* machine) {
  return operation_table(trace::mean_of(own),
                         other.empty() ? std::nullopt : std::optional(trace::mean_of(other)),
                         machine);
}

OperationTable operation_table(trace::StepMeans own, std::optional<trace::StepMeans> other,
                               const trace::MachineSpeed* machine) {
  OperationTable table{.own = std::move(own), .other = std::move(other), .rows = {}};
  const trace::StepMeans none;
  const trace::StepMeans& compared = table.other ? *table.other : none;
  std::vector<OperationRow> rows;
  const auto other_ms = ms_by_operation(compared.operations);
  for (const trace::OperationMean& mean : table.own.operations) {
    rows.push_back(row_of(mean, table.own.ms, other_ms));
    if (machine != nullptr) find_bound(*machine, rows.back());
  }
  const auto other_device_ms = ms_by_operation(compared.on_device);
  for (const trace::OperationMean& mean : table.own.on_device) {
    rows.push_back(row_of(mean, table.own.ms, other_device_ms));
    rows.back().on_device = true;
  }
  table.rows = in_order(std::move(rows));
  return table;
}

std::array<double, kStepParts.size()> ms_by_part(const OperationTable& table) {
  std::array<double, kStepParts.size()> ms{};
  for (const OperationRow& row : table.rows) {
    if (row.within()) continue;
    const auto part =
        std::ranges::find(kStepParts, trace::kind_of(row.mean.operation).part, &StepPart::part);
    ms[static_cast<std::size_t>(part - kStepParts.begin())] += row.mean.ms;
  }
  return ms;
}

DataTable operation_data(const OperationTable& table) {
  DataTable data;
  if (table.rows.empty()) return data;
  data.columns = {"operation", "within",        "calls", "ms",          "share",
                  "bytes",     "multiply_adds", "bound", "bound_share", "other_ms"};
  for (const OperationRow& row : table.rows) {
    const trace::OperationKind& kind = trace::kind_of(row.mean.operation);
    const auto within = row.within();
    const std::string bound = !row.bound_by_memory   ? ""
                              : *row.bound_by_memory ? "memory"
                                                     : "arithmetic";
    data.rows.push_back({std::string(kind.name),
                         within ? std::string(trace::kind_of(*within).name) : "",
                         exact_text(row.mean.calls), exact_text(row.mean.ms), exact_text(row.share),
                         exact_text(row.mean.bytes), exact_text(row.mean.multiply_adds), bound,
                         text_or_nothing(row.bound_share), text_or_nothing(row.other_ms)});
  }
  return data;
}

}  // namespace sketchscope::view
