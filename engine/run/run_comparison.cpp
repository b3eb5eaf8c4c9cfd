// What the worker does with a second run beside the first, and with the past of the first.
#include <algorithm>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/run/layer_states.hpp"
#include "engine/run/run_control.hpp"

namespace sketchscope {

void RunControl::restart_other(RunOptions options) {
  other_->run = std::make_unique<WatchedRun>(session_, std::move(options));
  other_->applied_at.clear();
  other_log_.start_run(run_number_);
}

void RunControl::compare(ComparedTokens tokens) {
  if (!run_) return;
  branching_.reset();
  other_.reset();
  const std::vector<int> prompt = run_->options().prompt;
  begin(run_options(prompt));
  log_.start_run(++run_number_);
  other_ = OtherRun{.run = nullptr, .wanted = wanted_, .applied_at = {}, .tokens = tokens};
  restart_other(run_options(prompt));
}

void RunControl::end_compare() {
  other_.reset();
  other_log_.start_run(0);
}

void RunControl::swap() {
  if (!other_) {
    throw UsageError({.what = "no run is compared", .remedy = "Begin with Compare"});
  }
  std::swap(run_, other_->run);
  std::swap(wanted_, other_->wanted);
  std::swap(applied_at_, other_->applied_at);
  log_.swap(other_log_);
  past_.reset();
  trace_.reset();
}

bool RunControl::other_is_behind() const {
  // Not by steps: one of them may have taken the prompt in one pass.
  return other_ && other_->run->lane().tokens().size() < run_->lane().tokens().size();
}

void RunControl::publish(const RecordPointer& record) {
  for (const KnobChange& change : record->changes) applied_at_[change.knob] = record->step;
  // A target moves the capacity by itself: from there a hand goes on.
  if (wanted_.target != TargetKind::none)
    wanted_.max_cache_size = run_->lane().knobs().max_cache_size;
  log_.append(record);
}

void RunControl::publish_other(const RecordPointer& record) {
  for (const KnobChange& change : record->changes) other_->applied_at[change.knob] = record->step;
  if (other_->wanted.target != TargetKind::none) {
    other_->wanted.max_cache_size = other_->run->lane().knobs().max_cache_size;
  }
  other_log_.append(record);
}

RecordPointer RunControl::step_runs() {
  while (other_is_behind()) {
    publish_other(std::make_shared<const StepRecord>(other_->run->step()));
  }
  const bool abreast =
      other_ && other_->run->lane().tokens().size() == run_->lane().tokens().size();
  RecordPointer record;
  if (abreast && run_->can_step_with(*other_->run)) {
    auto [own, others] = WatchedRun::step_together(*run_, *other_->run);
    record = std::make_shared<const StepRecord>(std::move(own));
    publish(record);
    publish_other(std::make_shared<const StepRecord>(std::move(others)));
  } else {
    record = std::make_shared<const StepRecord>(run_->step());
    publish(record);
    while (other_is_behind()) {
      publish_other(std::make_shared<const StepRecord>(other_->run->step()));
    }
  }
  if (abreast && other_->tokens == ComparedTokens::same && run_->next_token()) {
    other_->run->take_token(*run_->next_token());
  }
  return record;
}

void RunControl::continue_from(std::int64_t step) {
  if (branching_) {
    throw UsageError({.what = "a branching run cannot go back to a step",
                      .remedy = "End branching first, or watch another path"});
  }
  if (!run_ || step < 0 || step + 1 > run_->steps()) {
    throw UsageError({.what = "step to continue from",
                      .found = std::to_string(step),
                      .expected = run_ ? "0 to " + std::to_string(run_->steps() - 1) : "a run"});
  }
  std::unique_ptr<WatchedRun> fork = run_->fork_at(step + 1);
  fork->set_knobs(wanted_);
  // What was turned but not in force yet belongs to the run that goes on from the past.
  const Knobs before = run_->lane().knobs();
  run_->set_knobs(before);
  other_ =
      OtherRun{.run = std::exchange(run_, nullptr), .wanted = before, .applied_at = applied_at_};
  auto applied_at = applied_at_;
  std::erase_if(applied_at, [&](const auto& change) { return change.second > step; });
  take_over(std::move(fork));
  applied_at_ = std::move(applied_at);
  log_.continue_from(step + 1, ++run_number_, other_log_);
}

void RunControl::look_at(std::optional<std::int64_t> step) {
  past_.reset();
  if (!step || !run_ || *step < 0 || *step + 1 >= run_->steps()) return;
  const std::unique_ptr<WatchedRun> then = run_->fork_at(*step + 1);
  LiveState state{.phase = RunPhase::paused,
                  .run = run_number_,
                  .steps = then->steps(),
                  .applied = then->lane().knobs(),
                  .wanted = then->lane().knobs(),
                  .twin = options_.twin,
                  .audit = options_.audit,
                  .layers = layer_states(then->lane(), then->twin()),
                  .next_token = then->next_token().value_or(-1)};
  past_ = std::make_shared<const LiveState>(std::move(state));
}

void RunControl::trace(std::optional<int> position) {
  trace_.reset();
  if (!position || !run_) return;
  const auto positions = run_->session().model().config().positions;
  if (*position < 0 || *position >= positions) {
    throw UsageError({.what = "position to trace",
                      .found = std::to_string(*position),
                      .expected = "0 to " + std::to_string(positions - 1)});
  }
  trace_ = std::make_shared<const PositionTrace>(trace_position(*run_, *position));
}

std::shared_ptr<const LiveState> RunControl::other_state() const {
  if (!other_) return nullptr;
  return std::make_shared<const LiveState>(LiveState{.phase = RunPhase::paused,
                                                     .run = run_number_,
                                                     .steps = other_->run->steps(),
                                                     .applied = other_->run->lane().knobs(),
                                                     .wanted = other_->wanted,
                                                     .applied_at = other_->applied_at,
                                                     .twin = options_.twin,
                                                     .audit = options_.audit,
                                                     .speed = options_.tokens_per_second});
}

}  // namespace sketchscope
