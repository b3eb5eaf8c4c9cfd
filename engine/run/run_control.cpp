#include "engine/run/run_control.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "engine/branch/branch_run.hpp"
#include "engine/core/timing.hpp"
#include "engine/model/prompt.hpp"
#include "engine/run/control_state.hpp"
#include "engine/run/run_plan.hpp"

namespace sketchscope::run {
namespace {

/// Returns whether this is the last step of a recording, and differs from it.
bool differs_at_end(const Recording& recording, const record::StepRecord& record) {
  return record.step + 1 == recording.steps && record.entropy != recording.last_entropy;
}

/// Returns when the next step of a branching run, or of the run that follows its path, is due.
std::optional<RunControl::Clock::time_point> due_in_tree(WatchedBranching& branching,
                                                         const WatchedRun& run,
                                                         const Pacing& pacing) {
  const bool behind = run.is_behind();
  if (branching.run().finished() && !behind) return std::nullopt;
  return pacing.next_due({.replay = behind, .prompt = run.prompt_pending()});
}

}  // namespace

RunControl::RunControl(model::LoadedModel model, WorkerOptions options,
                       std::span<record::RecordLog> logs)
    : model_(std::move(model)),
      options_(std::move(options)),
      group_(model_.model, logs, options_.knobs),
      pacing_(options_.running, options_.tokens_per_second, options_.record_bytes) {
  group_.trace_steps(options_.trace_steps);
}

void RunControl::start() {
  if (options_.continued) return continue_recording(*options_.continued);
  carry_out(command::Restart{});
}

void RunControl::continue_recording(const Recording& recording) {
  group_.begin({recorded_run(options_, recording,
                             model::prompt_tokens(model_, options_.prompt, options_.start_token))});
  group_.front().wanted = recording.last;
  continued_run_ = group_.number();
  forget_former_run(recording.steps);
}

void RunControl::forget_former_run(std::int64_t catch_up_until) {
  lookup_.forget();
  attention_.forget();
  pacing_.begin_run(catch_up_until);
}

void RunControl::follow_watched_path() {
  WatchedSlot& slot = group_.front();
  const std::int64_t before = slot.run->steps();
  slot.run->follow(branching_->tokens_to_follow());
  if (slot.run->steps() >= before) return;
  slot.log->truncate(slot.run->steps());
  lookup_.forget_past();
}

std::optional<RunControl::Clock::time_point> RunControl::next_due() const {
  const auto due = step_due();
  if (!lookup_.has_work()) return due;
  const auto now = Clock::now();
  return due ? std::min(*due, now) : now;
}

std::optional<RunControl::Clock::time_point> RunControl::step_due() const {
  if (!group_.started()) return std::nullopt;
  if (group_.any_behind()) return pacing_.next_due({.replay = true});
  const WatchedRun& run = *group_.front().run;
  if (branching_) return due_in_tree(*branching_, run, pacing_);
  if (run.at_context_end()) return std::nullopt;
  // A text is given at the speed of generation, a prompt at once.
  return pacing_.next_due({.replay = pacing_.catches_up(run.steps()),
                           .prompt = run.prompt_pending() && text_.tokens == 0});
}

std::optional<std::string> RunControl::reason_to_stop(const record::StepRecord& record,
                                                      bool is_new) const {
  const bool continued = options_.continued && group_.number() == continued_run_;
  if (continued && differs_at_end(*options_.continued, record)) {
    return "the model has other weights than that of the saved run, or another processor";
  }
  return is_new ? text_.end_at(group_.front().fed()) : std::nullopt;
}

void RunControl::step() {
  if (lookup_.has_work()) {
    lookup_.advance();
    const auto due = step_due();
    if (!due || *due > Clock::now()) return;
  }
  step_run();
}

void RunControl::step_run() {
  const WatchedRun& run = *group_.front().run;
  try {
    if (group_.step_behind()) return;
    pacing_.note_step();
    if (branching_ && !run.is_behind()) {
      branching_->run().step();
      follow_watched_path();
      return pacing_.count_step();
    }
    const record::RecordPointer record = group_.step();
    const bool is_new = pacing_.is_new(run.steps());
    if (is_new) pacing_.check_breakpoint(*record);
    if (is_new) pacing_.check_records(*group_.front().log);
    if (auto reason = reason_to_stop(*record, is_new)) pacing_.stop(std::move(*reason));
    lookup_.note_step(group_.front());
    attention_.note_step(*group_.front().run);
    if (is_new && !branching_) pacing_.count_step();
  } catch (...) {
    pacing_.fail();
    throw;
  }
}

RunPhase RunControl::phase() const {
  if (!group_.started() || pacing_.failed()) return RunPhase::failed;
  if (!branching_ && group_.front().run->at_context_end()) return RunPhase::at_context_end;
  return step_due() ? RunPhase::running : RunPhase::paused;
}

LiveState RunControl::live_state() {
  const core::Stopwatch watch;
  LiveState state = live_state_of({.options = options_,
                                   .group = group_,
                                   .pacing = pacing_,
                                   .lookup = lookup_,
                                   .attention = attention_,
                                   .branching = branching_ ? branching_->state() : nullptr,
                                   .phase = phase(),
                                   .text_tokens = text_.tokens,
                                   .machine = machine_});
  publish_times_.note(state.run, state.steps, watch.elapsed_ms());
  state.publish_ms = publish_times_.by_step();
  return state;
}

}  // namespace sketchscope::run
