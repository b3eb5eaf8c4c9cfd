#include "gui/view/allocations.hpp"

#include <algorithm>

#include "gui/plot/value_format.hpp"

namespace sketchscope::view {

std::array<double, kAllocations.size()> allocations(const record::MemoryLedger& ledger) {
  return {static_cast<double>(ledger.weights), static_cast<double>(ledger.pages_reserved),
          static_cast<double>(ledger.activations),
          static_cast<double>(ledger.sketch + ledger.statistics + ledger.tail)};
}

std::string machine_text(const record::MemoryLedger& ledger) {
  const auto bytes = [](std::size_t count) {
    return plot::column_bytes(static_cast<double>(count));
  };
  std::string device = "no GPU in use";
  if (ledger.device_used) {
    device = "device " + bytes(*ledger.device_used);
    if (ledger.device_total) device += " of " + bytes(*ledger.device_total);
  }
  return "process " + bytes(ledger.process) + " · " + device;
}

void StackedAllocations::update(const History& history) {
  stacked_.update(history,
                  [](const record::StepRecord& record) { return allocations(record.memory); });
}

DataTable allocations_data(const History& history) {
  DataTable table;
  if (history.empty()) return table;
  table.columns = {"step"};
  for (const std::string_view name : kAllocations) {
    table.columns.emplace_back(name);
    std::ranges::replace(table.columns.back(), ' ', '_');
  }
  for (const char* name : {"process", "process_peak", "device_used", "device_total"})
    table.columns.emplace_back(name);
  const auto cell = [](const std::optional<std::size_t>& bytes) {
    return bytes ? std::to_string(*bytes) : std::string();
  };
  for (const auto& record : history.records()) {
    std::vector<std::string> row = {std::to_string(record->step)};
    for (const double bytes : allocations(record->memory)) row.push_back(exact_text(bytes));
    const record::MemoryLedger& memory = record->memory;
    for (const auto& bytes : {cell(memory.process), cell(memory.process_peak),
                              cell(memory.device_used), cell(memory.device_total)}) {
      row.push_back(bytes);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace sketchscope::view
