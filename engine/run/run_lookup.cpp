#include "engine/run/run_lookup.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/timing.hpp"
#include "engine/run/watched_run.hpp"

namespace sketchscope::run {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double score_of(const decode::TableView& table, int position) {
  const auto positions = table.positions();
  const auto slot = std::ranges::find(positions, position);
  if (slot == positions.end()) return kUnknown;
  return table.scores()[static_cast<std::size_t>(slot - positions.begin())];
}

void look_up(const decode::Lane& lane, PositionTrace& trace) {
  auto table = trace.tables.begin();
  for (const decode::LayerView& layer : lane.layers()) {
    for (const decode::TableView& view : layer.tables()) {
      const auto index = static_cast<std::size_t>(trace.position);
      table->score.push_back(score_of(view, trace.position));
      table->exact.push_back(view.audited() ? view.exact_mass()[index] : kUnknown);
      table->regret.push_back(view.audited() ? view.regret()[index] : kUnknown);
      ++table;
    }
  }
}

/// Returns the state of a run that was forked at an earlier step, without its layers.
LiveState state_of(const WatchedRun& then, std::size_t place, std::uint64_t number) {
  return {.phase = RunPhase::paused,
          .place = place,
          .run = number,
          .steps = then.steps(),
          .applied = then.lane().knobs(),
          .wanted = then.lane().knobs(),
          .twin = then.options().twin,
          .audit = then.options().audit,
          .next_token = then.next_token().value_or(-1)};
}

}  // namespace

PositionTrace trace_position(const WatchedRun& run, int position) {
  PositionTrace trace{.position = position};
  int index = 0;
  for (const decode::LayerView& layer : run.lane().layers()) {
    for (const decode::TableView& view : layer.tables()) {
      TableTrace table{.layer = index};
      if (layer.table_count() > 1) table.head = view.kv_heads().first;
      trace.tables.push_back(std::move(table));
    }
    ++index;
  }
  const auto fed = [&](const decode::Lane& lane) {
    return static_cast<std::size_t>(position) < lane.tokens().size();
  };
  for (const auto& [steps, kept] : run.keyframes().all()) {
    if (steps == 0 || steps >= run.steps() || !fed(kept.keyframe->lane)) continue;
    trace.steps.push_back(static_cast<double>(steps - 1));
    look_up(kept.keyframe->lane, trace);
  }
  if (run.steps() > 0 && fed(run.lane())) {
    trace.steps.push_back(static_cast<double>(run.steps() - 1));
    look_up(run.lane(), trace);
  }
  return trace;
}

void RunLookup::look_at(const RunGroup& group, std::optional<std::int64_t> step) {
  past_.reset();
  const WatchedSlot& front = group.front();
  if (!step || !front.run || *step < 0 || *step + 1 >= front.run->steps()) return;
  const std::unique_ptr<WatchedRun> then = front.run->fork_at(*step + 1);
  LiveState past = state_of(*then, front.place, group.number());
  past.layers = layer_states(then->lane(), then->twin());
  for (const WatchedSlot& other : group.others()) {
    if (!shows_sketches_ || other.place != kPlaceOfB || *step >= other.run->steps()) continue;
    const std::unique_ptr<WatchedRun> beside = other.run->fork_at(*step + 1);
    LiveState state = state_of(*beside, other.place, group.number());
    state.layers = sketch_states(beside->lane());
    past.others.push_back(std::make_shared<const LiveState>(std::move(state)));
  }
  past_ = std::make_shared<const LiveState>(std::move(past));
}

void RunLookup::show_sketches(const RunGroup& group, bool on) {
  shows_sketches_ = on;
  // The state of an earlier step was looked up without those of B.
  if (on && past_) look_at(group, past_->steps - 1);
}

void RunLookup::trace(const WatchedSlot& slot, std::optional<int> position) {
  trace_.reset();
  if (!position || !slot.run) return;
  // A run may outgrow the model's context.
  const int positions = std::max(slot.run->session().model().config().positions,
                                 static_cast<int>(slot.run->lane().tokens().size()));
  if (*position < 0 || *position >= positions) {
    throw core::UsageError({.what = "position to trace",
                            .found = std::to_string(*position),
                            .expected = "0 to " + std::to_string(positions - 1)});
  }
  trace_ = std::make_shared<const PositionTrace>(trace_position(*slot.run, *position));
}

void RunLookup::note_step(const WatchedSlot& slot) {
  if (trace_ && slot.run->steps() % kKeyframeInterval == 0) trace(slot, trace_->position);
}

namespace {

constexpr double kSliceMs = 20;  // of work between two looks at commands

// Returns the eviction that was asked for. Throws UsageError if the run has none like it.
record::EvictionRecord find_eviction(const record::RecordLog& log, const command::AskCost& of) {
  const auto records = log.read(0, 0).records;
  if (of.step >= 0 && of.step < std::ssize(records)) {
    for (const record::EvictionRecord& one :
         records[static_cast<std::size_t>(of.step)]->evictions) {
      const bool is_meant =
          one.layer == of.layer && one.position == of.position && one.head.value_or(0) == of.head;
      if (is_meant) return one;
    }
  }
  throw core::UsageError({.what = "eviction whose cost is asked for",
                          .found = "position " + std::to_string(of.position) + " of layer " +
                                   std::to_string(of.layer) + " at step " + std::to_string(of.step),
                          .expected = "one of the run's evictions"});
}

}  // namespace

void RunLookup::ask_cost(const WatchedSlot& slot, const command::AskCost& of) {
  if (!slot.run) return;
  replay_.reset();
  cost_.reset();
  replay_ = std::make_unique<EvictionReplay>(*slot.run, of.step, find_eviction(*slot.log, of));
  cost_ = std::make_shared<const EvictionInquiry>(replay_->inquiry());
}

void RunLookup::advance() {
  if (!replay_) return;
  const core::Stopwatch watch;
  try {
    while (!replay_->finished() && watch.elapsed_ms() < kSliceMs) replay_->advance();
  } catch (...) {
    replay_.reset();
    cost_.reset();
    throw;
  }
  cost_ = std::make_shared<const EvictionInquiry>(replay_->inquiry());
  if (replay_->finished()) replay_.reset();
}

void RunLookup::forget() {
  past_.reset();
  trace_.reset();
  replay_.reset();
  cost_.reset();
}

}  // namespace sketchscope::run
