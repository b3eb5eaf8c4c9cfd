#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "engine/run/command.hpp"
#include "engine/run/eviction_replay.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/run_group.hpp"

namespace sketchscope::run {

/// Views of a run's past that a person requested: the state after an earlier step, the scores of
/// one position over the run, and what one eviction cost.
class RunLookup {
 public:
  /// Looks up the state of the run in front after `step`, and that of B if its sketches are shown;
  /// none if the step is not in the run's past.
  void look_at(const RunGroup& group, std::optional<std::int64_t> step);
  /// Chooses whether B's sketches are shown, beside the past state too.
  void show_sketches(const RunGroup& group, bool on);
  /// Traces `position`, or nothing. Throws UsageError on a position outside the context.
  void trace(const WatchedSlot& slot, std::optional<int> position);
  /// Updates the trace after a step, at the interval of the keyframes.
  void note_step(const WatchedSlot& slot);
  /// Begins to compute the cost of an eviction of the run. Throws UsageError if there is no such
  /// eviction, or as EvictionReplay does.
  void ask_cost(const WatchedSlot& slot, const command::AskCost& of);
  /// Returns whether advance() has work left.
  [[nodiscard]] bool has_work() const { return replay_ != nullptr; }
  /// Continues the computation of the requested cost for some milliseconds.
  void advance();
  [[nodiscard]] bool shows_sketches() const { return shows_sketches_; }
  void forget_past() { past_.reset(); }
  /// Drops all that was requested of the run.
  void forget();

  /// Returns the past state; null if none was requested.
  [[nodiscard]] const std::shared_ptr<const LiveState>& past() const { return past_; }
  /// Returns the trace; null if no position is traced.
  [[nodiscard]] const std::shared_ptr<const PositionTrace>& trace() const { return trace_; }
  /// Returns the cost computed so far; null if none was requested.
  [[nodiscard]] const std::shared_ptr<const EvictionInquiry>& cost() const { return cost_; }

 private:
  bool shows_sketches_ = false;
  std::shared_ptr<const LiveState> past_;
  std::shared_ptr<const PositionTrace> trace_;
  std::unique_ptr<EvictionReplay> replay_;  // null if no computation is due
  std::shared_ptr<const EvictionInquiry> cost_;
};

/// Traces a position. No step is replayed, since only states that the run keeps are read.
PositionTrace trace_position(const WatchedRun& run, int position);

}  // namespace sketchscope::run
