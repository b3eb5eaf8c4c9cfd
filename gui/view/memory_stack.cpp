#include "gui/view/memory_stack.hpp"

#include <algorithm>
#include <iterator>

#include "gui/view/quantity.hpp"

namespace sketchscope {

std::array<MemoryPart, 5> memory_parts(const MemoryLedger& ledger) {
  return {{
      {.name = "KV stored", .bytes = static_cast<double>(ledger.kv_stored)},
      {.name = "sketch", .bytes = static_cast<double>(ledger.sketch)},
      {.name = "exact statistics", .bytes = static_cast<double>(ledger.statistics)},
      {.name = "tail summary", .bytes = static_cast<double>(ledger.tail)},
      {.name = "audit", .bytes = static_cast<double>(ledger.audit), .of_policy = false},
  }};
}

double policy_bytes(const MemoryLedger& ledger) {
  double bytes = 0;
  for (const auto& part : memory_parts(ledger)) bytes += part.of_policy ? part.bytes : 0;
  return bytes;
}

double memory_saving(const MemoryLedger& ledger) {
  if (ledger.kv_full == 0) return kMissing;
  return 1 - policy_bytes(ledger) / static_cast<double>(ledger.kv_full);
}

MemoryPeak memory_peak(const History& history, std::int64_t step) {
  const StepSeries& bytes = history.policy_bytes();
  const auto end = std::clamp<std::ptrdiff_t>(step + 1, 0, std::ssize(bytes));
  const auto peak = std::max_element(bytes.begin(), bytes.begin() + end);
  if (end == 0 || *peak == 0) return {};
  return {peak - bytes.begin(), *peak};
}

}  // namespace sketchscope
