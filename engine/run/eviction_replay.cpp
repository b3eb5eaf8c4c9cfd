#include "engine/run/eviction_replay.hpp"

#include <algorithm>

#include "engine/schedule/feeding.hpp"
#include "kernels/distribution.hpp"

namespace sketchscope::run {
namespace {

using decode::kWaysToSpare;
using decode::SparedBy;

// Returns the mass that full attention would have given to the position since it left; empty
// without an audit. Where the heads share one table, that is table 0.
std::optional<double> regret_of(const decode::Lane& lane, const record::EvictionRecord& eviction) {
  if (!lane.audited()) return std::nullopt;
  const auto table = lane.layer(eviction.layer).table(eviction.head.value_or(0));
  return table.regret()[static_cast<std::size_t>(eviction.position)];
}

// Knobs under which nothing is evicted are passed over: a run that evicted may have gone on with
// them since, and a repetition can follow them.
void check_knobs_of(const WatchedRun& run) {
  const auto check = [](const settings::Knobs& knobs) {
    if (knobs.policy->evicts) measure::check_counterfactual(knobs);
  };
  check(run.options().knobs);
  for (const auto& [step, knobs] : run.knob_history()) check(knobs);
}

}  // namespace

EvictionReplay::EvictionReplay(const WatchedRun& run, std::int64_t step,
                               const record::EvictionRecord& eviction)
    : tokens_(run.lane().tokens().begin(), run.lane().tokens().end()),
      prompt_tokens_(run.options().prompt.size()),
      knobs_(run.knob_history()),
      next_step_(step),
      last_logits_(run.lane().logits().begin(), run.lane().logits().end()),
      first_knobs_(run.options().knobs),
      inquiry_{.step = step,
               .until = run.steps(),
               .cost = {.eviction = eviction, .regret = regret_of(run.lane(), eviction)}} {
  check_knobs_of(run);
  const std::unique_ptr<WatchedRun> before = run.fork_at(step);
  session_ = before->shared_session();
  fed_ = before->lane().tokens().size();
  lanes_.push_back(session_->adopt(before->lane()));  // This one is repeated as it was.
  for (const SparedBy by : kWaysToSpare) {
    lanes_.push_back(session_->adopt(before->lane()));
    session_->lane(lanes_.back()).spare(measure::spared_position(eviction, by));
  }
}

EvictionReplay::~EvictionReplay() {
  for (const decode::LaneId lane : lanes_) session_->remove(lane);
}

std::span<const int> EvictionReplay::next_tokens() const {
  if (fed_ >= prompt_tokens_) return std::span(tokens_).subspan(fed_, 1);
  return schedule::next_of_prompt(std::span(tokens_).first(prompt_tokens_), fed_, first_knobs_);
}

void EvictionReplay::advance() {
  if (finished()) return;
  std::vector<schedule::Feed> feeds;
  const std::span<const int> tokens = next_tokens();
  const auto change = knobs_.find(next_step_);
  for (const decode::LaneId lane : lanes_) {
    if (change != knobs_.end()) session_->lane(lane).apply(change->second);
    feeds.push_back({.pair = {.lane = lane}, .tokens = tokens});
    schedule::hold_target(*session_, feeds.back().pair);
  }
  schedule::feed(*session_, feeds);
  fed_ += tokens.size();
  ++next_step_;
  note_departures();
  inquiry_.done = static_cast<double>(next_step_ - inquiry_.step) /
                  static_cast<double>(inquiry_.until - inquiry_.step);
  const bool has_room = std::ranges::all_of(
      lanes_, [&](decode::LaneId lane) { return session_->lane(lane).has_room(); });
  if (fed_ < tokens_.size()) note_changes(tokens_[fed_]);
  if (fed_ == tokens_.size() || !has_room) finish();
}

double EvictionReplay::log_probability(decode::LaneId lane, int token) const {
  const std::span<const float> logits = session_->lane(lane).logits();
  std::vector<float> probability(logits.size());
  // softmax() returns ln Σ e^logit, by which a logit exceeds the ln of its probability.
  return logits[static_cast<std::size_t>(token)] - kernels::softmax(logits, probability);
}

void EvictionReplay::note_changes(int token) {
  const double as_it_was = log_probability(lanes_.front(), token);
  for (const SparedBy by : kWaysToSpare) {
    const decode::LaneId lane = lanes_[1 + static_cast<std::size_t>(by)];
    inquiry_.cost.run(by).changes.push_back(log_probability(lane, token) - as_it_was);
  }
}

void EvictionReplay::note_departures() {
  const record::EvictionRecord& spared = inquiry_.cost.eviction;
  for (const SparedBy by : kWaysToSpare) {
    measure::SparedRun& run = inquiry_.cost.run(by);
    const decode::LaneId lane = lanes_[1 + static_cast<std::size_t>(by)];
    for (const record::EvictionRecord& one : session_->lane(lane).take_evictions()) {
      const bool is_spared =
          one.layer == spared.layer && one.head == spared.head && one.position == spared.position;
      if (is_spared) run.left_before = run.changes.size();
    }
  }
}

void EvictionReplay::finish() {
  inquiry_.repeated_exactly =
      std::ranges::equal(session_->lane(lanes_.front()).logits(), last_logits_);
  inquiry_.done = 1;
  for (const decode::LaneId lane : lanes_) session_->remove(lane);
  lanes_.clear();
}

}  // namespace sketchscope::run
