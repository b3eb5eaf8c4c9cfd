#include "engine/session/watched_run.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

void check_prompt(const std::vector<int>& prompt, const Gpt2Config& config) {
  if (prompt.empty()) {
    throw Error({.what = "prompt has no tokens",
                 .expected = "at least one",
                 .remedy = "Give a text that is not empty"});
  }
  if (prompt.size() > static_cast<std::size_t>(config.positions)) {
    throw Error({.what = "prompt is longer than the model's context",
                 .found = std::to_string(prompt.size()) + " tokens",
                 .expected = "at most " + std::to_string(config.positions) + " (n_positions)",
                 .remedy = "Shorten the prompt"});
  }
}

}  // namespace

WatchedRun::WatchedRun(std::shared_ptr<const Gpt2> model, RunOptions options)
    : options_(std::move(options)), session_(std::move(model), options_.threads) {
  check_prompt(options_.prompt, session_.model().config());
  pair_ = add_pair(session_, {.knobs = options_.knobs, .audit = options_.audit}, options_.twin);
  knob_history_ = options_.knob_schedule;
  if (options_.keyframe_interval > 0) keep_keyframe();
}

void WatchedRun::set_knobs(const Knobs& knobs) {
  check_knobs(knobs);
  check_head_width(knobs, session_.model().config().head_width());
  check_target(knobs, options_.audit, options_.twin);
  knob_history_.insert_or_assign(steps(), knobs);
}

bool WatchedRun::prompt_pending() const {
  return session_.lane(pair_.lane).tokens().size() < options_.prompt.size();
}

bool WatchedRun::at_context_end() const {
  return session_.lane(pair_.lane).tokens().size() >=
         static_cast<std::size_t>(session_.model().config().positions);
}

std::vector<int> WatchedRun::next_input() const {
  if (!prompt_pending()) return {*next_token_};
  if (options_.knobs.prefill != "stream") return options_.prompt;
  return {options_.prompt[session_.lane(pair_.lane).tokens().size()]};
}

void WatchedRun::feed(const std::vector<int>& tokens) {
  if (tokens.size() > 1) {
    if (pair_.twin) session_.prefill(*pair_.twin, tokens);
    session_.prefill(pair_.lane, tokens);
    return;
  }
  std::vector<LaneInput> inputs = {{.lane = pair_.lane, .token = tokens.front()}};
  if (pair_.twin) inputs.push_back({.lane = *pair_.twin, .token = tokens.front()});
  session_.step(inputs);
}

void WatchedRun::choose_next_token() {
  next_token_.reset();
  if (prompt_pending()) return;
  // A forced token still draws, so that the random numbers stand where they would have stood.
  next_token_ = session_.lane(pair_.lane).draw_token();
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
  // The last token to follow is one that was drawn, but not fed yet.
  const auto most = std::max<std::ptrdiff_t>(std::ssize(options_.forced) - 1, 0);
  const auto same = std::min(std::ranges::mismatch(fed, options_.forced).in1 - fed.begin(), most);
  if (same < std::ssize(fed)) {
    const std::map<std::int64_t, Knobs> knobs = knob_history_;
    rewind(steps() - (std::ssize(fed) - same));
    knob_history_ = knobs;
  }
  force_next_token();
}

bool WatchedRun::is_behind() const {
  if (prompt_pending()) return !options_.forced.empty();
  return generated().size() + 1 < options_.forced.size();
}

StepRecord WatchedRun::step() {
  if (at_context_end()) {
    throw Error({.what = "generation ended at the model's last position",
                 .found = std::to_string(session_.model().config().positions) + " tokens",
                 .remedy = "Start a new run"});
  }
  StepFacts facts{.step = steps()};
  if (const auto change = knob_history_.find(steps()); change != knob_history_.end()) {
    facts.changes = session_.lane(pair_.lane).apply(change->second);
  }
  for (KnobChange& change : hold_target(session_, pair_)) facts.changes.push_back(change);
  const bool prompt = prompt_pending();
  const std::vector<int> tokens = next_input();
  feed(tokens);
  inputs_.push_back(tokens);
  choose_next_token();
  facts.tokens = tokens;
  facts.prompt_tokens = prompt ? static_cast<int>(tokens.size()) : 0;
  StepRecord record = build_record(session_, pair_, foresight_, std::move(facts));
  if (options_.keyframe_interval > 0 && steps() % options_.keyframe_interval == 0) keep_keyframe();
  return record;
}

void WatchedRun::keep_keyframe() {
  Keyframe keyframe{
      .lane = session_.lane(pair_.lane), .foresight = foresight_, .next_token = next_token_};
  if (pair_.twin) keyframe.twin = session_.lane(*pair_.twin);
  keyframes_.insert_or_assign(steps(), std::move(keyframe));
}

void WatchedRun::rewind(std::int64_t target) {
  if (target < 0 || target > steps() || keyframes_.empty()) {
    throw Error({.what = "cannot go back to step",
                 .found = std::to_string(target),
                 .expected = keyframes_.empty() ? "a run that keeps keyframes"
                                                : "0 to " + std::to_string(steps())});
  }
  const auto nearest = std::prev(keyframes_.upper_bound(target));
  const Keyframe& keyframe = nearest->second;
  session_.restore(pair_.lane, keyframe.lane);
  if (pair_.twin) session_.restore(*pair_.twin, *keyframe.twin);
  foresight_ = keyframe.foresight;
  next_token_ = keyframe.next_token;
  inputs_.resize(static_cast<std::size_t>(nearest->first));
  force_next_token();
  keyframes_.erase(keyframes_.upper_bound(target), keyframes_.end());
  while (steps() < target) step();
  // Knobs set after this step belong to the future that was left behind.
  knob_history_.erase(knob_history_.lower_bound(target), knob_history_.end());
}

}  // namespace sketchscope
