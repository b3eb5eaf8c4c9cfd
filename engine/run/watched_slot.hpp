#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "engine/record/record_log.hpp"
#include "engine/run/watched_run.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// A place for one of the runs that are watched side by side: the run, its wanted knobs, and the
/// log that receives its records.
struct WatchedSlot {
  std::unique_ptr<WatchedRun> run = {};  ///< null until a run could begin
  Knobs wanted;                          ///< last commanded; in force from the next step on
  std::map<std::string, std::int64_t> applied_at = {};  ///< knob → step at which it last changed
  RecordLog* log = nullptr;                             ///< never null; outlives the slot

  /// Returns the number of tokens fed. Runs are compared at equal numbers of tokens rather than
  /// steps, since prefill may take one step in one run and many in another.
  [[nodiscard]] std::size_t fed() const { return run->lane().tokens().size(); }

  /// Replaces the run by one at its beginning, and clears the log for run `number`.
  void begin(std::unique_ptr<WatchedRun> next, std::uint64_t number);
  /// Makes the run's next step and publishes its record. Throws as WatchedRun::step() does.
  RecordPointer step();
  /// Appends a record of the run to the log and updates `applied_at` by the record's knob changes.
  RecordPointer publish(StepRecord record);
};

/// Returns the options of a replay of `run`: its tokens and knob changes. Measurements and
/// keyframes are those of `base`.
RunOptions replay_options(const WatchedRun& run, RunOptions base);

}  // namespace sketchscope
