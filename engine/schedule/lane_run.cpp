#include "engine/schedule/lane_run.hpp"

#include <algorithm>

#include "engine/schedule/estimate_error.hpp"
#include "engine/schedule/record_builder.hpp"
#include "kernels/distribution.hpp"

namespace sketchscope {
namespace {

bool prefills_in_one_pass(const LaneRequest& request) {
  return !request.passage.prompt.empty() && request.knobs.prefill != Prefill::stream;
}

bool same_tokens(std::span<const int> left, std::span<const int> right) {
  return left.data() == right.data() && left.size() == right.size();
}

// A request on its way through the model.
struct Runner {
  const LaneRequest& request;
  LaneOutcome& outcome;
  LaneId lane = 0;
  std::size_t fed = 0;  // of prompt, given and drawn together
  bool done = false;

  [[nodiscard]] std::size_t told() const {
    return request.passage.prompt.size() + request.passage.given.size();
  }
  [[nodiscard]] int next_token() const {
    const auto& [prompt, given, drawn] = request.passage;
    if (fed < prompt.size()) return prompt[fed];
    if (fed < told()) return given[fed - prompt.size()];
    return outcome.drawn[fed - told()];
  }
  [[nodiscard]] bool draws_next() const {
    return fed >= told() && static_cast<int>(outcome.drawn.size()) < request.passage.drawn;
  }
  [[nodiscard]] bool feeds_next() const { return fed < told() || draws_next(); }
};

class LaneRun {
 public:
  LaneRun(Session& session, std::span<const LaneRequest> requests, SharedPasses& passes)
      : session_(session), passes_(passes), outcomes_(requests.size()) {
    for (std::size_t at = 0; at < requests.size(); ++at) {
      const LaneRequest& request = requests[at];
      const LaneId lane = session_.add_lane({.knobs = request.knobs,
                                             .audit = request.audit,
                                             .has_twin = request.twin.has_value(),
                                             .observer = request.observer});
      runners_.push_back({.request = request, .outcome = outcomes_[at], .lane = lane});
      if (request.audit) {
        const auto layers = static_cast<std::size_t>(session_.model().config().layers);
        outcomes_[at].layers.resize(layers);
      }
    }
  }
  ~LaneRun() {
    for (const Runner& runner : runners_) {
      if (!runner.done) session_.remove(runner.lane);
    }
  }
  LaneRun(const LaneRun&) = delete;
  LaneRun& operator=(const LaneRun&) = delete;

  std::vector<LaneOutcome> run(const std::function<void(std::size_t)>& on_step,
                               const std::stop_token& stop) {
    prefill();
    for (Runner& runner : runners_) foresee(runner);
    while (!stop.stop_requested()) {
      const std::size_t fed = step();
      if (fed == 0) break;
      if (on_step) on_step(fed);
    }
    return std::move(outcomes_);
  }

 private:
  void prefill() {
    std::vector<Runner*> waiting;
    for (Runner& runner : runners_) {
      if (prefills_in_one_pass(runner.request)) waiting.push_back(&runner);
    }
    while (!waiting.empty()) {
      const std::span<const int> prompt = waiting.front()->request.passage.prompt;
      const auto others = std::ranges::stable_partition(waiting, [&](const Runner* runner) {
        return same_tokens(runner->request.passage.prompt, prompt);
      });
      std::vector<LaneId> lanes;
      for (auto runner = waiting.begin(); runner != others.begin(); ++runner) {
        lanes.push_back((*runner)->lane);
        (*runner)->fed = prompt.size();
      }
      session_.prefill(lanes, prompt);
      passes_.prompt_ms += session_.times().total_ms;
      waiting.erase(waiting.begin(), others.begin());
    }
  }

  // Scores or draws what comes next, now that the lane has logits for it; ends what is over.
  void foresee(Runner& runner) {
    const Lane& lane = session_.lane(runner.lane);
    const auto& [prompt, given, drawn] = runner.request.passage;
    if (runner.fed >= prompt.size() && runner.fed < runner.told() && !lane.logits().empty()) {
      const auto token = static_cast<std::size_t>(given[runner.fed - prompt.size()]);
      probability_.resize(lane.logits().size());
      runner.outcome.nll += softmax(lane.logits(), probability_) - lane.logits()[token];
      ++runner.outcome.scored;
    }
    if (runner.draws_next()) {
      runner.outcome.drawn.push_back(session_.lane(runner.lane).draw_token());
    }
    if (!runner.feeds_next()) finish(runner);
  }

  [[nodiscard]] LanePair pair_of(const Runner& runner) const {
    LanePair pair{.lane = runner.lane};
    if (runner.request.twin) pair.twin = runners_[*runner.request.twin].lane;
    return pair;
  }

  std::size_t step() {
    std::vector<LaneInput> inputs;
    std::vector<Runner*> fed;
    for (Runner& runner : runners_) {
      if (runner.done) continue;
      hold_target(session_, pair_of(runner));
      inputs.push_back({.lane = runner.lane, .token = runner.next_token()});
      fed.push_back(&runner);
    }
    if (inputs.empty()) return 0;
    session_.step(inputs);
    passes_.steps.push_back(session_.times());
    passes_.rows += inputs.size();
    for (std::size_t row = 0; row < fed.size(); ++row) {
      fed[row]->outcome.policy_ms += session_.policy_ms(row);
      ++fed[row]->outcome.fed;
      ++fed[row]->fed;
      account(*fed[row]);
    }
    for (Runner* runner : fed) foresee(*runner);
    return inputs.size();
  }

  void account(Runner& runner) {
    const Lane& lane = session_.lane(runner.lane);
    LaneOutcome& outcome = runner.outcome;
    if (runner.request.audit) {
      const std::vector<LayerRecord> layers = describe_layers(lane);
      outcome.totals.add_layers(layers);
      for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        outcome.layers[layer].add(layers[layer]);
      }
    }
    if (!runner.request.twin) return;
    const Lane& twin = session_.lane(runners_[*runner.request.twin].lane);
    const auto top = std::ranges::max_element(lane.logits()) - lane.logits().begin();
    outcome.totals.add_twin(std::max(0.0, logit_kl(twin.logits(), lane.logits())),
                            rank_of(twin.logits(), static_cast<int>(top)) == 0);
  }

  // A finished lane gives its pages back at once.
  void finish(Runner& runner) {
    Lane& lane = session_.lane(runner.lane);
    LaneOutcome& outcome = runner.outcome;
    outcome.totals.add_evictions(lane.take_evictions());
    outcome.totals.add_memory(memory_of(session_, lane));
    outcome.totals.add_lane(lane);
    if (runner.request.audit) outcome.estimates = estimate_error_of(lane);
    session_.remove(runner.lane);
    runner.done = true;
  }

  Session& session_;
  SharedPasses& passes_;
  std::vector<LaneOutcome> outcomes_;
  std::vector<Runner> runners_;
  std::vector<float> probability_;
};

}  // namespace

void LayerOutcome::add(const LayerRecord& step) {
  retained_mass.add(step.retained_mass.value());
  attention_kl.add(step.attention_kl.value());
  attention_tv.add(step.attention_tv.value());
  output_error.add(step.output_error.value());
  output_cosine.add(step.output_cosine.value());
  regret = step.regret.value();  // a sum already
}

void LayerOutcome::merge(const LayerOutcome& other) {
  for (const auto mean :
       {&LayerOutcome::retained_mass, &LayerOutcome::attention_kl, &LayerOutcome::attention_tv,
        &LayerOutcome::output_error, &LayerOutcome::output_cosine}) {
    (this->*mean).add(other.*mean);
  }
  regret += other.regret;
}

std::vector<LaneOutcome> run_lanes(Session& session, std::span<const LaneRequest> requests,
                                   SharedPasses& passes,
                                   const std::function<void(std::size_t)>& on_step,
                                   const std::stop_token& stop) {
  return LaneRun(session, requests, passes).run(on_step, stop);
}

}  // namespace sketchscope
