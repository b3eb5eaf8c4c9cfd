#pragma once

#include <span>
#include <vector>

#include "engine/run/run_group.hpp"
#include "engine/run/worker.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::run {

// The options of the runs that a worker begins. What is measured and the number of threads are
// those of `options`.

/// Returns the options of a run from step 0.
RunOptions new_run(const WorkerOptions& options, const settings::Knobs& knobs,
                   std::vector<int> prompt);
/// Returns those of a run from step 0 for each slot, under its wanted knobs.
std::vector<RunOptions> new_runs(const WorkerOptions& options, std::span<const WatchedSlot> slots,
                                 const std::vector<int>& prompt);
/// Returns those of a replay of each slot's run, under its own knobs.
std::vector<RunOptions> replayed_runs(const WorkerOptions& options,
                                      std::span<const WatchedSlot> slots);
/// Returns those of a replay of the slot's tokens, under its wanted knobs from the first step on.
RunOptions rebuilt_run(const WorkerOptions& options, const WatchedSlot& slot);
/// Returns those of a replay of a recording, which may have been saved before its `prompt` was fed
/// completely.
RunOptions recorded_run(const WorkerOptions& options, const Recording& recording,
                        std::vector<int> prompt);

}  // namespace sketchscope::run
