#include "engine/run/watched_run.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/decode/broken_logits.hpp"
#include "engine/run/step_trail.hpp"
#include "engine/settings/capacity.hpp"

namespace sketchscope::run {
namespace {

decode::LaneId add_lane(decode::Session& session, const RunOptions& options) {
  schedule::check_length("prompt", options.prompt.size(), session.model().config(), options.knobs);
  return session.add_lane({.knobs = options.knobs,
                           .audit = options.audit,
                           .has_twin = options.twin,
                           .keep_attention = options.keep_attention});
}

}  // namespace

WatchedRun::WatchedRun(std::shared_ptr<decode::Session> session, RunOptions options)
    : options_(std::move(options)),
      session_(std::move(session)),
      lane_(session_, add_lane(*session_, options_)),
      keyframes_(options_.keyframe_bytes) {
  if (options_.twin) {
    twin_ = std::make_shared<HeldLane>(
        session_, schedule::add_twin(*session_, options_.knobs, options_.keep_attention));
  }
  knob_history_ = options_.knob_schedule;
  if (options_.keyframe_interval > 0) keep_keyframe();
}

WatchedRun::WatchedRun(const std::shared_ptr<const model::Model>& model, RunOptions options)
    : WatchedRun(std::make_shared<decode::Session>(model, options.threads), options) {}

WatchedRun::WatchedRun(const WatchedRun& original, std::int64_t keyframe)
    : options_(original.options_),
      session_(original.session_),
      lane_(session_, session_->adopt(original.keyframes_.at(keyframe).lane)),
      inputs_(original.inputs_),
      knob_history_(original.knob_history_),
      keyframes_(original.keyframes_) {
  options_.forced.clear();
  inputs_.cut_to(static_cast<std::size_t>(keyframe));
  const Keyframe& kept = keyframes_.at(keyframe);
  if (kept.twin) twin_ = std::make_shared<HeldLane>(session_, session_->adopt(*kept.twin));
  foresight_ = kept.foresight;
  next_token_ = kept.next_token;
  keyframes_.forget_after(keyframe);
}

void WatchedRun::set_knobs(const settings::Knobs& knobs) {
  settings::check_knobs(knobs);
  settings::check_model(knobs, session_->model().config());
  settings::check_target(knobs, options_.audit, options_.twin);
  knob_history_.insert_or_assign(steps(), knobs);
}

bool WatchedRun::prompt_pending() const {
  return lane().tokens().size() < options_.prompt.size();
}

bool WatchedRun::at_context_end() const {
  return !lane().has_room();
}

std::vector<int> WatchedRun::next_input() const {
  if (!prompt_pending()) return {*next_token_};
  const std::span<const int> next =
      schedule::next_of_prompt(options_.prompt, lane().tokens().size(), options_.knobs);
  return {next.begin(), next.end()};
}

bool WatchedRun::can_step_with(const WatchedRun& other) const {
  if (session_ != other.session_ || at_context_end() || other.at_context_end()) return false;
  const std::vector<int> own = next_input();
  const std::vector<int> others = other.next_input();
  return own.size() == 1 ? others.size() == 1 : own == others;
}

void WatchedRun::take_token(int token) {
  if (!prompt_pending()) next_token_ = token;
}

void WatchedRun::choose_next_token() {
  next_token_.reset();
  if (prompt_pending()) return;
  // A forced token also draws, so that the random number generator stays in step with an unforced
  // run.
  const trace::ScopedSpan span(session_->recorder(), trace::Operation::sample);
  next_token_ = session_->lane(lane_.id()).draw_token();
  force_next_token();
}

std::span<const int> WatchedRun::generated() const {
  return lane().tokens().subspan(std::min(lane().tokens().size(), options_.prompt.size()));
}

void WatchedRun::force_next_token() {
  if (prompt_pending()) return;
  if (generated().size() < options_.forced.size()) {
    next_token_ = options_.forced[generated().size()];
  }
}

void WatchedRun::follow(std::vector<int> tokens) {
  options_.forced = std::move(tokens);
  const std::span<const int> fed = generated();
  // The last token to follow was drawn but not fed, so no step is due for it.
  const auto most = std::max<std::ptrdiff_t>(std::ssize(options_.forced) - 1, 0);
  const auto same = std::min(std::ranges::mismatch(fed, options_.forced).in1 - fed.begin(), most);
  if (same < std::ssize(fed)) {
    const std::map<std::int64_t, settings::Knobs> knobs = knob_history_;
    rewind(steps() - (std::ssize(fed) - same));
    knob_history_ = knobs;
  }
  force_next_token();
}

bool WatchedRun::is_behind() const {
  if (prompt_pending()) return !options_.forced.empty();
  return generated().size() + 1 < options_.forced.size();
}

WatchedRun::OpenStep WatchedRun::begin_step() {
  if (at_context_end()) {
    throw core::Error({.what = "generation ended at the model's last position",
                       .found = std::to_string(session_->model().config().positions) + " tokens",
                       .remedy = "Start a new run"});
  }
  OpenStep step{.tokens = next_input(), .prompt = prompt_pending(), .changes = {}};
  if (const auto change = knob_history_.find(steps()); change != knob_history_.end()) {
    step.changes = session_->lane(lane_.id()).apply(change->second);
  }
  end_twin();
  for (record::KnobChange& change : schedule::hold_target(*session_, pair()))
    step.changes.push_back(change);
  return step;
}

record::StepRecord WatchedRun::finish_step(OpenStep step) {
  schedule::StepFacts facts{.step = steps(),
                            .tokens = step.tokens,
                            .prompt_tokens = step.prompt ? static_cast<int>(step.tokens.size()) : 0,
                            .changes = std::move(step.changes)};
  inputs_.append(step.tokens);
  choose_next_token();
  record::StepRecord record =
      schedule::build_record(*session_, pair(), foresight_, std::move(facts));
  if (options_.keyframe_interval > 0 && steps() % options_.keyframe_interval == 0) keep_keyframe();
  return record;
}

record::StepRecord WatchedRun::step() {
  WatchedRun* self = this;
  return std::move(step_together({&self, 1}).front());
}

std::vector<record::StepRecord> WatchedRun::step_together(std::span<WatchedRun* const> runs) {
  std::vector<OpenStep> steps;
  for (WatchedRun* run : runs) steps.push_back(run->begin_step());
  std::vector<TwinFeed> twins;
  for (std::size_t index = 0; index < runs.size(); ++index) {
    WatchedRun& run = *runs[index];
    const std::span<const int> tokens = steps[index].tokens;
    twins.push_back({.twin = &run.twin_,
                     .first_pass = run.inputs_.first_pass(tokens.size()),
                     .tokens = tokens,
                     .keeps_attention = run.options_.keep_attention});
  }
  share_twins(twins);
  std::vector<schedule::Feed> feeds;
  for (std::size_t index = 0; index < runs.size(); ++index) {
    feeds.push_back({.pair = runs[index]->pair(), .tokens = steps[index].tokens});
  }
  try {
    schedule::feed(*runs.front()->session_, feeds);
  } catch (const decode::BrokenLogits&) {
    // Who shows the lanes expects the tokens of the records in them and no others.
    for (WatchedRun* run : runs)
      if (!run->keyframes_.empty()) run->rewind(run->steps());
    throw;
  }
  std::vector<record::StepRecord> records;
  for (std::size_t index = 0; index < runs.size(); ++index) {
    records.push_back(runs[index]->finish_step(std::move(steps[index])));
  }
  return records;
}

void WatchedRun::end_twin() {
  if (twin_ && !twin_->lane().has_room()) twin_.reset();
}

void WatchedRun::keep_keyframe() {
  const trace::ScopedSpan span(session_->recorder(), trace::Operation::keyframe);
  Keyframe keyframe{.lane = lane(), .twin = {}, .foresight = foresight_, .next_token = next_token_};
  if (const decode::Lane* other = twin()) keyframe.twin = *other;
  keyframes_.keep(steps(), std::move(keyframe));
}

void WatchedRun::check_past(std::int64_t target) const {
  if (target >= 0 && target <= steps() && !keyframes_.empty()) return;
  throw core::Error({.what = "cannot go back to step",
                     .found = std::to_string(target),
                     .expected = keyframes_.empty() ? "a run that keeps keyframes"
                                                    : "0 to " + std::to_string(steps())});
}

void WatchedRun::replay(const StepInputs& fed, std::int64_t target) {
  // The tokens that were fed may differ from those that were drawn.
  const auto feed_again = [&] {
    const auto next = static_cast<std::size_t>(steps());
    if (!prompt_pending() && next < fed.steps()) next_token_ = fed.first_of(next);
  };
  feed_again();
  while (steps() < target) {
    step();
    feed_again();
  }
}

std::unique_ptr<WatchedRun> WatchedRun::fork_at(std::int64_t target) const {
  check_past(target);
  std::unique_ptr<WatchedRun> fork(new WatchedRun(*this, keyframes_.nearest(target)));
  fork->replay(inputs_, target);
  if (target == steps()) fork->next_token_ = next_token_;
  fork->knob_history_.erase(fork->knob_history_.lower_bound(target), fork->knob_history_.end());
  return fork;
}

void WatchedRun::rewind(std::int64_t target) {
  check_past(target);
  const std::int64_t from = keyframes_.nearest(target);
  const Keyframe& keyframe = keyframes_.at(from);
  session_->restore(lane_.id(), keyframe.lane);
  // Other runs may hold the twin, so it is replaced.
  if (keyframe.twin) twin_ = std::make_shared<HeldLane>(session_, session_->adopt(*keyframe.twin));
  foresight_ = keyframe.foresight;
  next_token_ = keyframe.next_token;
  const StepInputs fed = inputs_;
  inputs_.cut_to(static_cast<std::size_t>(from));
  keyframes_.forget_after(from);
  replay(fed, target);
  force_next_token();
  // Knob changes after this step belong to the abandoned continuation.
  knob_history_.erase(knob_history_.lower_bound(target), knob_history_.end());
}

Generation generate(std::shared_ptr<const model::Model> model, const GenerationOptions& options,
                    const std::function<void(const record::StepRecord&)>& on_record,
                    std::stop_token stop) {
  const model::ModelConfig config = model->config();
  const auto session = std::make_shared<decode::Session>(std::move(model), options.threads);
  WatchedRun run(session, {.knobs = options.knobs,
                           .prompt = options.prompt,
                           .twin = options.twin,
                           .audit = options.audit,
                           .keep_attention = options.keep_layers,
                           .threads = options.threads});
  trace::Recorder recorder(session->threads());
  const TracedSession traced(*session, options.on_trace ? &recorder : nullptr);
  Generation result;
  const auto step = [&] {
    const record::StepRecord record = run.step();
    if (options.on_trace) options.on_trace(recorder.take(record.step));
    result.totals.add_record(record);
    if (on_record) on_record(record);
  };
  schedule::StopRule rule{.tokens = options.max_new_tokens};
  if (options.stop_at_end_of_text) rule.end_tokens = config.ends_of_text;
  std::optional<schedule::SequenceEnd> end;
  const auto go_on = [&] {
    while (run.prompt_pending() && !stop.stop_requested()) step();
    for (int drawn = 1; drawn <= rule.tokens && !end; ++drawn) {
      result.interrupted = stop.stop_requested();
      if (result.interrupted) break;
      const int token = run.next_token().value();
      end = rule.end(static_cast<std::size_t>(drawn), token, run.lane().has_room());
      if (end != schedule::SequenceEnd::end_token) result.tokens.push_back(token);
      if (!end) step();
    }
  };
  try {
    go_on();
  } catch (const decode::BrokenLogits& error) {
    if (result.totals.passes() == 0) throw;
    result.failure = error.what();
  }
  result.reached_context_end =
      end && end != schedule::SequenceEnd::end_token && run.at_context_end();
  result.totals.add_lane(run.lane());
  for (const decode::LayerView& layer : run.lane().layers())
    result.stored.push_back(layer.stored());
  const bool whole = result.failure.empty();
  if (options.keep_layers && whole) result.layers = layer_states(run.lane(), run.twin());
  return result;
}

}  // namespace sketchscope::run
