#pragma once

#include <array>
#include <string_view>

#include "engine/record/step_record.hpp"
#include "gui/view/history.hpp"

namespace sketchscope {

/// A category of the memory ledger as a bar or a list shows it.
struct MemoryPart {
  std::string_view name;
  double bytes = 0;
  bool of_policy = true;  ///< false: kept only to measure
};

/// KV stored, sketch, exact statistics, tail summary, audit: in the order in which they are
/// stacked.
std::array<MemoryPart, 5> memory_parts(const MemoryLedger& ledger);

/// What the compressed cache takes: everything but what only measures.
double policy_bytes(const MemoryLedger& ledger);
/// 1 − policy bytes / full cache; kMissing while the full cache is empty.
double memory_saving(const MemoryLedger& ledger);

/// The largest policy bytes up to and including `step`, and the step it was reached.
struct MemoryPeak {
  std::int64_t step = -1;
  double bytes = 0;
};
MemoryPeak memory_peak(const History& history, std::int64_t step);

}  // namespace sketchscope
