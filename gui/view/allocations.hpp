#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/record/step_record.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"
#include "gui/view/stacked_series.hpp"

namespace sketchscope::view {

/// What the program has allocated, in stacking order. The pages are those of all lanes: of the run,
/// its audit and twin, keyframes and a compared run, filled or not.
inline constexpr std::array<std::string_view, 4> kAllocations = {"weights", "pages", "activations",
                                                                 "sketch and statistics"};

/// Returns bytes by category, in the order of kAllocations.
std::array<double, kAllocations.size()> allocations(const record::MemoryLedger& ledger);

/// Says what the process takes and, if there is a GPU, what the device does: "process 210 MiB · no
/// GPU in use", "process 210 MiB · device 1.2 GiB of 80 GiB".
std::string machine_text(const record::MemoryLedger& ledger);

/// The cumulative sums of the categories over steps, updated incrementally.
class StackedAllocations {
 public:
  void update(const History& history);
  /// Returns the sum of the categories up to and including `part`, by step.
  [[nodiscard]] const StepSeries& up_to(std::size_t part) const { return stacked_.up_to(part); }

 private:
  StackedSeries<kAllocations.size()> stacked_;
};

/// Returns the bytes of every category, the process and the device, one row per step.
DataTable allocations_data(const History& history);

}  // namespace sketchscope::view
