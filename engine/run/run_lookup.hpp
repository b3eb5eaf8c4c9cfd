#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "engine/run/live_state.hpp"
#include "engine/run/run_group.hpp"

namespace sketchscope::run {

/// Views of a run's past that a person requested: the state after an earlier step, and the scores
/// of one position over the run.
class RunLookup {
 public:
  /// Looks up the state after `step` of run `number`; none if the step is not in the run's past.
  void look_at(const WatchedSlot& slot, std::optional<std::int64_t> step, std::uint64_t number);
  /// Traces `position`, or nothing. Throws UsageError on a position outside the context.
  void trace(const WatchedSlot& slot, std::optional<int> position);
  /// Updates the trace after a step, at the interval of the keyframes.
  void note_step(const WatchedSlot& slot);
  void forget_past() { past_.reset(); }
  void forget();

  /// Returns the past state; null if none was requested.
  [[nodiscard]] const std::shared_ptr<const LiveState>& past() const { return past_; }
  /// Returns the trace; null if no position is traced.
  [[nodiscard]] const std::shared_ptr<const PositionTrace>& trace() const { return trace_; }

 private:
  std::shared_ptr<const LiveState> past_;
  std::shared_ptr<const PositionTrace> trace_;
};

/// Traces a position. No step is replayed, since only states that the run keeps are read.
PositionTrace trace_position(const WatchedRun& run, int position);

}  // namespace sketchscope::run
