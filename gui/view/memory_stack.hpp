#pragma once

#include <array>
#include <string_view>

#include "engine/record/step_record.hpp"
#include "gui/view/history.hpp"

namespace sketchscope {

/// A category of the memory ledger for display as a bar or a list entry.
struct MemoryPart {
  std::string_view name;
  double bytes = 0;
  bool of_policy = true;  ///< false for bytes that only measure
};

/// Returns stored KV, sketch, exact statistics, tail summary and audit, in stacking order.
std::array<MemoryPart, 5> memory_parts(const MemoryLedger& ledger);

/// Returns the bytes of the compressed cache: everything except what only measures.
double policy_bytes(const MemoryLedger& ledger);
/// Returns 1 − policy bytes / full cache bytes; kMissing while the full cache is empty.
double memory_saving(const MemoryLedger& ledger);

/// The largest policy bytes up to and including a step, and the step at which it was reached.
struct MemoryPeak {
  std::int64_t step = -1;
  double bytes = 0;
};
MemoryPeak memory_peak(const History& history, std::int64_t step);

}  // namespace sketchscope
