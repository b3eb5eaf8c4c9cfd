#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "engine/run/live_state.hpp"
#include "engine/run/watched_slot.hpp"

namespace sketchscope {

/// What a person asked to see about a run beside its latest state: how it stood after an earlier
/// step, and what one position scored over all of it.
class RunLookup {
 public:
  /// Shows the state after `step` of run `number`; no state where the step is not in its past.
  void look_at(const WatchedSlot& slot, std::optional<std::int64_t> step, std::uint64_t number);
  /// Shows what `position` scored, if any. Throws UsageError on a position that no token can have.
  void trace(const WatchedSlot& slot, std::optional<int> position);
  /// Brings the trace up to date after a step, as often as the run keeps keyframes.
  void note_step(const WatchedSlot& slot);
  void forget_past() { past_.reset(); }
  void forget();

  /// Null where none is looked at.
  [[nodiscard]] const std::shared_ptr<const LiveState>& past() const { return past_; }
  /// Null where no position is traced.
  [[nodiscard]] const std::shared_ptr<const PositionTrace>& trace() const { return trace_; }

 private:
  std::shared_ptr<const LiveState> past_;
  std::shared_ptr<const PositionTrace> trace_;
};

}  // namespace sketchscope
