#include "engine/schedule/schedule.hpp"

#include <algorithm>
#include <utility>

#include "engine/schedule/record_builder.hpp"
#include "engine/schedule/run_totals.hpp"
#include "kernels/distribution.hpp"

namespace sketchscope::schedule {
namespace {

// The largest number of tokens that a passage can feed.
std::size_t planned_tokens(const Passage& passage) {
  const auto drawn = static_cast<std::size_t>(std::max(passage.drawn.tokens - 1, 0));
  return passage.prompt.size() + passage.given.size() + drawn;
}

// A request that has begun and has not ended.
struct Sequence {
  const LaneRequest& request;
  LaneOutcome& outcome;
  LanePair pair;
  bool has_lane = false;             // false for a fork until its origin's prompt was fed
  const Sequence* origin = nullptr;  // the sequence whose lane is forked
  std::size_t fed = 0;               // tokens of prompt, given and drawn together
  std::optional<double> nll;         // NLL of the given token that is fed next

  [[nodiscard]] const Passage& passage() const { return request.passage; }
  [[nodiscard]] std::size_t told() const {
    return passage().prompt.size() + passage().given.size();
  }
  [[nodiscard]] bool prompt_pending() const { return fed < passage().prompt.size(); }
  // The tokens that the next pass feeds to this sequence.
  [[nodiscard]] std::span<const int> next() const {
    const auto& [prompt, given, drawn] = passage();
    if (prompt_pending()) return next_of_prompt(prompt, fed, request.lane.knobs);
    if (fed < told()) return given.subspan(fed - prompt.size(), 1);
    return std::span(outcome.drawn).subspan(fed - told(), 1);
  }
};

class Scheduler {
 public:
  Scheduler(decode::Session& session, const Schedule& schedule)
      : session_(session), schedule_(schedule) {
    for (const LaneGroup& group : schedule.groups) {
      for (const LaneRequest& request : group) {
        const auto& [prompt, given, drawn] = request.passage;
        check_length(given.empty() ? "prompt" : "text", prompt.size() + given.size(),
                     session.model().config(), request.lane.knobs);
        planned_ += planned_tokens(request.passage);
      }
    }
    result_.groups.resize(schedule.groups.size());
  }
  ~Scheduler() {
    for (const auto& sequence : live_) {
      if (sequence->has_lane) session_.remove(sequence->pair.lane);
    }
  }
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  ScheduleOutcome run(const std::stop_token& stop) {
    while (next_ < schedule_.groups.size() || !live_.empty()) {
      result_.interrupted = stop.stop_requested();
      if (result_.interrupted) break;
      if (next_group_fits()) {
        begin_group();
      } else {
        step();
      }
      retire();
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool next_group_fits() const {
    return next_ < schedule_.groups.size() &&
           (live_.empty() || live_.size() + schedule_.groups[next_].size() <= schedule_.lanes);
  }

  void begin_group() {
    const LaneGroup& group = schedule_.groups[next_];
    std::vector<LaneOutcome>& outcomes = result_.groups[next_];
    ++next_;
    outcomes.resize(group.size());
    const std::size_t first = live_.size();
    for (std::size_t at = 0; at < group.size(); ++at) {
      live_.push_back(
          std::make_unique<Sequence>(Sequence{.request = group[at], .outcome = outcomes[at]}));
      if (!group[at].fork_of) add_lane(*live_.back());
    }
    const auto begun = std::span(live_).subspan(first);
    for (const auto& sequence : begun) {
      const LaneRequest& request = sequence->request;
      if (request.twin) sequence->pair.twin = begun[*request.twin]->pair.lane;
      if (request.fork_of) sequence->origin = begun[*request.fork_of].get();
    }
    feed_whole_prompts(begun);
  }

  void add_lane(Sequence& sequence) {
    decode::LaneOptions options = sequence.request.lane;
    options.has_twin = sequence.request.twin.has_value();
    if (sequence.request.make_policy) options.policy = sequence.request.make_policy();
    sequence.pair.lane = session_.add_lane(std::move(options));
    sequence.has_lane = true;
  }

  // Feeds the prompts that are prefilled in one pass; each distinct prompt of a group runs once.
  void feed_whole_prompts(std::span<const std::unique_ptr<Sequence>> begun) {
    std::vector<Sequence*> waiting;
    for (const auto& sequence : begun) {
      if (sequence->has_lane && sequence->next().size() > 1) waiting.push_back(sequence.get());
    }
    while (!waiting.empty()) {
      const std::span<const int> prompt = waiting.front()->passage().prompt;
      const auto others = std::ranges::stable_partition(waiting, [&](const Sequence* sequence) {
        return std::ranges::equal(sequence->passage().prompt, prompt);
      });
      const std::vector<Sequence*> together(waiting.begin(), others.begin());
      waiting.erase(waiting.begin(), others.begin());
      pass(together);
    }
  }

  // Feeds the next token to every live lane in one pass.
  void step() {
    std::vector<Sequence*> fed;
    for (const auto& sequence : live_) {
      if (!sequence->has_lane) continue;
      hold_target(session_, sequence->pair);
      fed.push_back(sequence.get());
    }
    pass(fed);
  }

  void pass(std::span<Sequence* const> sequences) {
    std::vector<Feed> feeds;
    for (const Sequence* sequence : sequences) {
      feeds.push_back({.pair = {.lane = sequence->pair.lane}, .tokens = sequence->next()});
    }
    const bool whole_prompt = feeds.front().tokens.size() > 1;
    const bool prompt = std::ranges::all_of(sequences, &Sequence::prompt_pending);
    feed(session_, feeds);
    for (std::size_t row = 0; row < feeds.size(); ++row) {
      sequences[row]->fed += feeds[row].tokens.size();
      done_ += feeds[row].tokens.size();
      if (whole_prompt) continue;
      ++sequences[row]->outcome.steps;
      sequences[row]->outcome.policy_ms += session_.policy_ms(row);
    }
    report({.times = session_.times(),
            .lanes = feeds.size(),
            .prompt = prompt,
            .whole_prompt = whole_prompt});
    begin_forks();
    for (Sequence* sequence : sequences) {
      foretell(*sequence);
      if (!sequence->request.on_step) continue;
      sequence->request.on_step({.session = session_,
                                 .pair = sequence->pair,
                                 .whole_prompt = whole_prompt,
                                 .last = sequence->outcome.end.has_value(),
                                 .nll = sequence->nll});
    }
  }

  void report(SchedulePass pass) const {
    if (!schedule_.on_pass) return;
    std::vector<decode::LaneId> live;
    for (const auto& sequence : live_) {
      if (sequence->has_lane) live.push_back(sequence->pair.lane);
    }
    pass.live = live;
    schedule_.on_pass(pass);
  }

  void begin_forks() {
    for (const auto& sequence : live_) {
      if (sequence->has_lane || sequence->origin->prompt_pending()) continue;
      sequence->pair.lane = session_.fork(sequence->origin->pair.lane);
      sequence->has_lane = true;
      session_.lane(sequence->pair.lane).apply(sequence->request.lane.knobs);
      sequence->fed = sequence->passage().prompt.size();
      done_ += sequence->fed;
      foretell(*sequence);
    }
  }

  // Scores the next given token, or draws one, from the lane's new logits.
  void foretell(Sequence& sequence) {
    decode::Lane& lane = session_.lane(sequence.pair.lane);
    LaneOutcome& outcome = sequence.outcome;
    sequence.nll.reset();
    if (sequence.prompt_pending()) return;
    if (sequence.fed < sequence.told()) {
      const std::span<const float> logits = lane.logits();
      probability_.resize(logits.size());
      const auto token = static_cast<std::size_t>(sequence.next().front());
      sequence.nll = kernels::softmax(logits, probability_) - logits[token];
      outcome.nll += *sequence.nll;
      ++outcome.scored;
      return;
    }
    const StopRule& rule = sequence.passage().drawn;
    if (rule.tokens == 0) {
      outcome.end = SequenceEnd::complete;
      return;
    }
    outcome.drawn.push_back(lane.draw_token());
    outcome.end = rule.end(outcome.drawn.size(), outcome.drawn.back(), lane.has_room());
  }

  // Removes lanes that have ended, so that their pages are free for the next group.
  void retire() {
    std::erase_if(live_, [&](const auto& sequence) {
      if (!sequence->outcome.end) return false;
      session_.remove(sequence->pair.lane);
      done_ += planned_tokens(sequence->passage()) - sequence->fed;
      return true;
    });
    if (!schedule_.progress) return;
    schedule_.progress(static_cast<double>(done_) / static_cast<double>(planned_));
  }

  decode::Session& session_;
  const Schedule& schedule_;
  std::vector<std::unique_ptr<Sequence>> live_;  // ordered by when they began
  std::size_t next_ = 0;                         // index of the next group to begin
  std::size_t planned_ = 0;                      // tokens of all requests
  std::size_t done_ = 0;  // tokens that were fed, or that an early end made unnecessary
  std::vector<float> probability_;
  ScheduleOutcome result_;
};

}  // namespace

std::vector<record::LayerRecord> add_step(RunTotals& totals, const LaneStep& step) {
  decode::Lane& lane = step.lane();
  std::vector<record::LayerRecord> layers = describe_layers(lane);
  totals.add_layers(layers);
  totals.add_evictions(lane.take_evictions());
  if (step.pair.twin) {
    const auto [logit_kl, top1_agrees] =
        compare_with_twin(lane, step.session.lane(*step.pair.twin));
    totals.add_twin(logit_kl, top1_agrees);
  }
  if (!step.last) return layers;
  totals.add_memory(memory_of(step.session, lane));
  totals.add_lane(lane);
  return layers;
}

void add_pass(RunTotals& totals, const SchedulePass& pass) {
  totals.add_pass(pass.times, pass.whole_prompt ? 0 : pass.lanes);
}

ScheduleOutcome run_schedule(decode::Session& session, const Schedule& schedule,
                             const std::stop_token& stop) {
  return Scheduler(session, schedule).run(stop);
}

}  // namespace sketchscope::schedule
