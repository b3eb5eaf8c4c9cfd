#include "engine/run/run_lookup.hpp"

#include <string>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/run/layer_states.hpp"

namespace sketchscope {

void RunLookup::look_at(const WatchedSlot& slot, std::optional<std::int64_t> step,
                        std::uint64_t number) {
  past_.reset();
  if (!step || !slot.run || *step < 0 || *step + 1 >= slot.run->steps()) return;
  const std::unique_ptr<WatchedRun> then = slot.run->fork_at(*step + 1);
  past_ = std::make_shared<const LiveState>(
      LiveState{.phase = RunPhase::paused,
                .run = number,
                .steps = then->steps(),
                .applied = then->lane().knobs(),
                .wanted = then->lane().knobs(),
                .twin = then->options().twin,
                .audit = then->options().audit,
                .layers = layer_states(then->lane(), then->twin()),
                .next_token = then->next_token().value_or(-1)});
}

void RunLookup::trace(const WatchedSlot& slot, std::optional<int> position) {
  trace_.reset();
  if (!position || !slot.run) return;
  const int positions = slot.run->session().model().config().positions;
  if (*position < 0 || *position >= positions) {
    throw UsageError({.what = "position to trace",
                      .found = std::to_string(*position),
                      .expected = "0 to " + std::to_string(positions - 1)});
  }
  trace_ = std::make_shared<const PositionTrace>(trace_position(*slot.run, *position));
}

void RunLookup::note_step(const WatchedSlot& slot) {
  if (trace_ && slot.run->steps() % kKeyframeInterval == 0) trace(slot, trace_->position);
}

void RunLookup::forget() {
  past_.reset();
  trace_.reset();
}

}  // namespace sketchscope
