#include "engine/run/run_control.hpp"

#include <algorithm>

#include "engine/branch/branch_run.hpp"
#include "engine/core/timing.hpp"
#include "engine/decode/degeneracy.hpp"
#include "engine/model/prompt.hpp"

namespace sketchscope::run {

RunControl::RunControl(model::LoadedModel model, WorkerOptions options,
                       std::span<record::RecordLog> logs)
    : model_(std::move(model)),
      options_(std::move(options)),
      group_(model_.model, logs, options_.knobs),
      pacing_(options_.running, options_.tokens_per_second, options_.record_bytes) {}

void RunControl::start() {
  if (options_.continued) {
    continue_recording(*options_.continued);
  } else {
    carry_out(command::Restart{});
  }
}

void RunControl::continue_recording(const Recording& recording) {
  std::vector<int> prompt = model::prompt_tokens(model_, options_.prompt, options_.start_token);
  // A streamed prompt may have been saved before it was fed completely.
  const bool begins = std::ranges::mismatch(recording.prompt, prompt).in1 == recording.prompt.end();
  RunOptions options = run_options(recording.knobs, begins ? std::move(prompt) : recording.prompt);
  options.forced = recording.generated;
  options.knob_schedule = recording.schedule;
  group_.begin({std::move(options)});
  group_.front().wanted = recording.last;
  continued_run_ = group_.number();
  forget_former_run(recording.steps);
}

void RunControl::check_continued(const record::StepRecord& record) {
  const auto& recording = options_.continued;
  if (!recording || group_.number() != continued_run_) return;
  if (record.step + 1 != recording->steps || record.entropy == recording->last_entropy) return;
  pacing_.stop("the model has other weights than that of the saved run, or another processor");
}

RunOptions RunControl::run_options(const settings::Knobs& knobs, std::vector<int> prompt) const {
  return {.knobs = knobs,
          .prompt = std::move(prompt),
          .twin = options_.twin,
          .audit = options_.audit,
          .keep_attention = true,
          .threads = options_.threads,
          .keyframe_interval = kKeyframeInterval};
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
  if (!group_.started()) return std::nullopt;
  const WatchedRun& run = *group_.front().run;
  if (branching_) {
    const bool behind = run.is_behind();
    if (branching_->run().finished() && !behind) return std::nullopt;
    return pacing_.next_due({.replay = behind, .prompt = run.prompt_pending()});
  }
  if (run.at_context_end()) return std::nullopt;
  // A text is given at the speed of generation, a prompt at once.
  return pacing_.next_due({.replay = pacing_.catches_up(run.steps()),
                           .prompt = run.prompt_pending() && text_.tokens == 0});
}

void RunControl::check_text_end() {
  if (text_.tokens == 0 || group_.front().fed() != text_.tokens) return;
  const std::string given = std::to_string(text_.tokens);
  pacing_.stop(text_.whole > text_.tokens
                   ? "the first " + given + " of the text's " + std::to_string(text_.whole) +
                         " tokens were given, as many as the model has positions"
                   : "all " + given + " tokens of the text were given; play goes on from them");
}

void RunControl::step() {
  pacing_.note_step();
  const WatchedRun& run = *group_.front().run;
  try {
    if (branching_ && !run.is_behind()) {
      branching_->run().step();
      follow_watched_path();
      return pacing_.count_step();
    }
    const record::RecordPointer record = group_.step();
    check_continued(*record);
    const bool is_new = pacing_.is_new(run.steps());
    if (is_new) pacing_.check_breakpoint(*record);
    if (is_new) pacing_.check_records(*group_.front().log);
    if (is_new) check_text_end();
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
  return next_due() ? RunPhase::running : RunPhase::paused;
}

std::vector<std::string> RunControl::all_warnings() const {
  const decode::Lane& lane = group_.front().run->lane();
  const decode::Degeneracy found = decode::degeneracy_of(lane);
  std::vector<std::string> all = decode::warnings(found, lane.knobs());
  // What has not decided anything by then is not merely waiting for its turn.
  if (found.tables > 0) {
    std::ranges::move(decode::idle_warnings(found, lane.knobs()), std::back_inserter(all));
  }
  for (const WatchedSlot& other : group_.others()) {
    std::ranges::move(decode::comparison_warnings(lane, other.run->lane()),
                      std::back_inserter(all));
  }
  return all;
}

LiveState RunControl::state_of(const WatchedSlot& slot) const {
  return {.phase = RunPhase::paused,
          .run = group_.number(),
          .steps = slot.run ? slot.run->steps() : 0,
          .applied = slot.run ? slot.run->lane().knobs() : slot.wanted,
          .wanted = slot.wanted,
          .applied_at = slot.applied_at,
          .twin = options_.twin,
          .audit = options_.audit,
          .start_token = options_.start_token,
          .speed = pacing_.tokens_per_second(),
          .text_tokens = text_.tokens};
}

LiveState RunControl::live_state() {
  const core::Stopwatch watch;
  LiveState state = describe();
  publish_times_.note(state.run, state.steps, watch.elapsed_ms());
  state.publish_ms = publish_times_.by_step();
  return state;
}

LiveState RunControl::describe() const {
  const WatchedSlot& front = group_.front();
  LiveState state = state_of(front);
  state.phase = phase();
  state.until = pacing_.until();
  state.stopped = pacing_.stopped();
  state.other_tokens = group_.tokens();
  state.past = lookup_.past();
  state.trace = lookup_.trace();
  state.attention = attention_.rows();
  if (!group_.started()) return state;
  state.layers = layer_states(front.run->lane(), front.run->twin());
  state.warnings = all_warnings();
  state.next_token = front.run->next_token().value_or(-1);
  if (!group_.others().empty())
    state.other = std::make_shared<const LiveState>(state_of(group_.others().front()));
  if (branching_) state.branching = branching_->state();
  return state;
}

}  // namespace sketchscope::run
