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

/// One run of those that are watched side by side, what a person asked of it, and the log that its
/// records go to.
struct WatchedSlot {
  std::unique_ptr<WatchedRun> run = {};  ///< null until the first one could begin
  Knobs wanted;                          ///< last commanded, in force at the next step
  std::map<std::string, std::int64_t> applied_at = {};  ///< knob → step at which it last changed
  RecordLog* log = nullptr;                             ///< never null; outlives the slot

  /// Tokens fed so far. Runs are compared at equal numbers of tokens rather than of steps, as one
  /// of them may have taken the prompt in one pass and another token by token.
  [[nodiscard]] std::size_t fed() const { return run->lane().tokens().size(); }

  /// Puts a run at its beginning in place of the present one; the log starts empty as that of run
  /// `number`.
  void begin(std::unique_ptr<WatchedRun> next, std::uint64_t number);
  /// Makes the run's next step by itself and publishes its record. Throws as WatchedRun::step().
  RecordPointer step();
  /// Appends a record of the run to the log and notes which knobs it says have changed.
  RecordPointer publish(StepRecord record);
};

/// Options of a run that feeds again what `run` fed, with every change of knobs where it was made.
/// What is measured and kept is taken from `base`.
RunOptions replay_options(const WatchedRun& run, RunOptions base);

}  // namespace sketchscope
