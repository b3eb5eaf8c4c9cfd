#include "engine/study/batch_measurement.hpp"

#include <algorithm>

#include "engine/core/program.hpp"
#include "engine/study/unit_plan.hpp"

namespace sketchscope::study {
namespace {

void add_scored(ConfigurationResult& result, const settings::Knobs& knobs, const ScoredLane& scored,
                std::size_t steps) {
  result.divergences.push_back(
      {.steps = steps,
       .logit_kl = scored.totals.figure<&record::StepRecord::logit_kl>(),
       .attention_kl = scored.totals.figure<&record::LayerRecord::attention_kl>(),
       .within_bound =
           scored.estimates ? std::optional(scored.estimates->within_bound) : std::nullopt});
  result.totals.merge(scored.totals, knobs);
  result.layers.resize(scored.layers.size());
  for (std::size_t layer = 0; layer < scored.layers.size(); ++layer) {
    result.layers[layer].merge(scored.layers[layer]);
  }
  if (scored.heads && result.heads) result.heads->merge(*scored.heads);
  if (scored.heads && !result.heads) result.heads = *scored.heads;
}

// Updates the mean over lanes with the estimates of the `count`-th lane.
void add_estimates(ConfigurationResult& result, const schedule::EstimateError& estimates,
                   std::size_t count) {
  if (!result.estimates) result.estimates.emplace();
  schedule::EstimateError& means = *result.estimates;
  for (const auto mean : {&schedule::EstimateError::mean, &schedule::EstimateError::bound,
                          &schedule::EstimateError::within_bound}) {
    means.*mean += (estimates.*mean - means.*mean) / static_cast<double>(count);
  }
  means.largest = std::max(means.largest, estimates.largest);
}

// Updates the mean over lanes with the loads of the `count`-th lane.
void add_row_loads(ConfigurationResult& result, const std::vector<double>& loads,
                   std::size_t count) {
  result.row_loads.resize(loads.size());
  for (std::size_t row = 0; row < loads.size(); ++row) {
    result.row_loads[row] += (loads[row] - result.row_loads[row]) / static_cast<double>(count);
  }
}

void add_continuation(ConfigurationResult& result, const Continuation& continuation,
                      const std::vector<int>& drawn, const std::vector<int>& full) {
  const std::size_t length = continuation.prompt.size() + continuation.follows.size();
  result.continuations.push_back({.prompt = continuation.number,
                                  .length = static_cast<int>(length),
                                  .tokens = drawn,
                                  .likeness = measure::compare_continuation(drawn, full)});
}

void add_answer(ConfigurationResult& result, const measure::RecallQuestion& question,
                const std::vector<int>& drawn) {
  result.answers.push_back({.distance = question.distance,
                            .changed_fact = question.changed_fact,
                            .right = drawn == question.answer});
}

// The times of passes that the lanes of all configurations shared.
struct SharedPasses {
  std::vector<record::PhaseTimes> steps;
  std::size_t rows = 0;  // rows of the decode steps
  double prompt_ms = 0;  // duration of the prefill passes

  void add(const schedule::SchedulePass& pass) {
    if (pass.whole_prompt) {
      prompt_ms += pass.times.total_ms;
      return;
    }
    steps.push_back(pass.times);
    rows += pass.lanes;
  }

  [[nodiscard]] StudyTiming timing() const {
    StudyTiming timing{.lanes = static_cast<double>(rows) / static_cast<double>(steps.size()),
                       .prompt_ms = prompt_ms};
    for (const record::PhaseTimes& times : steps) {
      timing.passes.add_pass(times, rows / steps.size());
      for (const auto phase : {&record::PhaseTimes::linear_ms, &record::PhaseTimes::attention_ms,
                               &record::PhaseTimes::policy_ms, &record::PhaseTimes::audit_ms}) {
        timing.per_token.*phase += times.*phase / static_cast<double>(rows);
      }
    }
    return timing;
  }
};

class Batch {
 public:
  Batch(const model::ModelConfig& config, std::span<const Configuration> configurations,
        const StudyMaterial& material)
      : configurations_(configurations),
        material_(material),
        results_(configurations.size()),
        own_policy_(configurations.size()) {
    for (const Unit& unit : units_of(material)) {
      UnitPlan& plan = plans_.emplace_back(material, config, unit);
      for (const Configuration& configuration : configurations) plan.add(configuration.knobs);
    }
  }

  std::vector<ConfigurationResult> run(decode::Session& session, std::size_t lanes,
                                       const std::function<void(std::size_t)>& on_step,
                                       const std::stop_token& stop) {
    std::vector<schedule::LaneGroup> groups;
    for (UnitPlan& plan : plans_) groups.push_back(plan.take_requests());
    SharedPasses passes;
    const auto on_pass = [&](const schedule::SchedulePass& pass) {
      passes.add(pass);
      if (on_step && !pass.whole_prompt) on_step(pass.lanes);
    };
    const schedule::ScheduleOutcome outcome = schedule::run_schedule(
        session, {.groups = groups, .lanes = lanes, .on_pass = on_pass}, stop);
    if (outcome.interrupted) return {};
    // Units are merged in order, so that sums do not depend on which units ran together.
    for (std::size_t unit = 0; unit < plans_.size(); ++unit) {
      account(plans_[unit], groups[unit], outcome.groups[unit]);
    }
    const StudyTiming shared = passes.timing();
    for (std::size_t at = 0; at < results_.size(); ++at) {
      results_[at].timing = shared;
      results_[at].timing.own_policy_ms =
          own_policy_[at].ms / static_cast<double>(own_policy_[at].tokens);
    }
    return std::move(results_);
  }

 private:
  void account(const UnitPlan& plan, const schedule::LaneGroup& requests,
               std::span<const schedule::LaneOutcome> outcomes) {
    for (std::size_t at = 0; at < configurations_.size(); ++at) {
      const UnitPlan::Places& places = plan.places()[at];
      const schedule::LaneOutcome& own = outcomes[places.own];
      ConfigurationResult& result = results_[at];
      own_policy_[at].ms += own.policy_ms;
      own_policy_[at].tokens += own.steps;
      if (!places.scored) {
        add_answer(result, material_.questions[plan.unit().index], own.drawn);
        continue;
      }
      const schedule::LaneOutcome& full = outcomes[*requests[places.own].twin];
      result.full_scores.push_back({.nll = full.nll, .scored = full.scored});
      result.scores.push_back({.nll = own.nll, .scored = own.scored});
      add_scored(result, configurations_[at].knobs, *places.scored, own.steps);
      if (const auto& estimates = places.scored->estimates) {
        add_estimates(result, *estimates, result.scores.size());
      }
      add_row_loads(result, places.scored->row_loads, result.scores.size());
      if (!places.drawn) continue;
      add_continuation(result, material_.continuations[plan.unit().index],
                       outcomes[*places.drawn].drawn, outcomes[*places.reference].drawn);
    }
  }

  struct OwnPolicy {
    double ms = 0;
    std::size_t tokens = 0;
  };

  std::span<const Configuration> configurations_;
  const StudyMaterial& material_;
  std::vector<UnitPlan> plans_;
  std::vector<ConfigurationResult> results_;
  std::vector<OwnPolicy> own_policy_;  // indexed by configuration
};

}  // namespace

std::vector<ConfigurationResult> measure_batch(const std::shared_ptr<const model::Model>& model,
                                               std::span<const Configuration> configurations,
                                               const StudyMaterial& material,
                                               const BatchOptions& options,
                                               const std::function<void(std::size_t)>& on_step,
                                               const std::stop_token& stop) {
  decode::Session session(model, options.threads);
  return Batch(model->config(), configurations, material)
      .run(session, static_cast<std::size_t>(options.lanes), on_step, stop);
}

int lanes_that_fit(const model::Model& model, const StudyMaterial& material) {
  std::size_t longest = 0;
  const auto consider = [&](std::size_t length) { longest = std::max(longest, length); };
  for (const auto& chunk : material.chunks) consider(chunk.size());
  for (const auto& one : material.continuations) consider(one.prompt.size() + one.follows.size());
  for (const auto& one : material.questions) consider(static_cast<std::size_t>(one.length()));

  const model::ModelConfig& config = model.config();
  const auto vocabulary = static_cast<std::size_t>(config.vocabulary);
  // The cache and the audit's copies of evicted positions together hold one token's bytes per
  // token. Tables, counters and partly filled pages are estimated as half of that.
  const std::size_t lane_bytes =
      sizeof(float) * (longest * config.kv_floats_per_token() * 3 / 2 + 2 * vocabulary);
  const std::size_t budget = core::available_memory() / 4;
  return static_cast<int>(std::clamp<std::size_t>(budget / lane_bytes, 4, 96));
}

}  // namespace sketchscope::study
