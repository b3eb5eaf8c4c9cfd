#include "engine/study/batch_measurement.hpp"

#include <algorithm>
#include <map>

#include "engine/core/process_memory.hpp"

namespace sketchscope {
namespace {

// One thing that every configuration goes through.
struct Unit {
  enum class Kind : std::uint8_t { chunk, continuation, question };
  Kind kind;
  std::size_t index = 0;  // in the material
};

std::vector<Unit> units_of(const StudyMaterial& material) {
  std::vector<Unit> units;
  const auto add = [&](Unit::Kind kind, std::size_t count) {
    for (std::size_t index = 0; index < count; ++index) units.push_back({kind, index});
  };
  add(Unit::Kind::chunk, material.chunks.size());
  add(Unit::Kind::continuation, material.continuations.size());
  add(Unit::Kind::question, material.questions.size());
  return units;
}

// A lane that is measured for its target alone.
bool holds_by_audit(const Knobs& knobs) {
  return knobs.target == TargetKind::retained_mass;
}

// Lanes of one unit, which have to start together: they share a prompt and a twin.
class UnitPlan {
 public:
  UnitPlan(const StudyMaterial& material, const ModelConfig& config, Unit unit)
      : material_(material), config_(config), unit_(unit) {}

  [[nodiscard]] Unit unit() const { return unit_; }
  [[nodiscard]] const std::vector<LaneRequest>& requests() const { return requests_; }

  struct Places {
    std::size_t own = 0;                   // scored, or asked
    std::optional<std::size_t> drawn;      // a continuation of its own
    std::optional<std::size_t> reference;  // the full cache's
    std::shared_ptr<HeadWatch> heads;      // of `own`
  };
  [[nodiscard]] const std::vector<Places>& places() const { return places_; }

  void add(const Knobs& knobs) {
    switch (unit_.kind) {
      case Unit::Kind::chunk:
        add_scored(knobs, {.given = material_.chunks[unit_.index]});
        break;
      case Unit::Kind::continuation:
        add_continuation(knobs, material_.continuations[unit_.index]);
        break;
      case Unit::Kind::question: {
        const RecallQuestion& question = material_.questions[unit_.index];
        places_.push_back(
            {.own = push({.knobs = knobs,
                          .passage = {.prompt = question.context,
                                      .given = question.question,
                                      .drawn = static_cast<int>(question.answer.size())},
                          .audit = holds_by_audit(knobs)})});
      }
    }
  }

 private:
  std::size_t push(LaneRequest request) {
    requests_.push_back(std::move(request));
    return requests_.size() - 1;
  }

  // Full caches whose prompt came in the same way.
  std::size_t full_cache(const Knobs& knobs, const Passage& passage) {
    const std::string key = name_of(knobs.prefill) + (passage.drawn > 0 ? " drawn" : " given");
    const auto known = full_.find(key);
    if (known != full_.end()) return known->second;
    const Knobs full{.policy = "full", .prefill = knobs.prefill};
    return full_[key] = push({.knobs = full, .passage = passage});
  }

  Places& add_scored(const Knobs& knobs, const Passage& passage) {
    const std::size_t twin = full_cache(knobs, passage);
    std::shared_ptr<HeadWatch> heads;
    if (material_.attention_every > 0) {
      heads =
          std::make_shared<HeadWatch>(config_, HeadSelection{.every = material_.attention_every});
    }
    const std::size_t own =
        push({.knobs = knobs, .passage = passage, .audit = true, .twin = twin, .observer = heads});
    return places_.emplace_back(Places{.own = own, .heads = std::move(heads)});
  }

  void add_continuation(const Knobs& knobs, const Continuation& continuation) {
    const Passage drawing = {.prompt = continuation.prompt,
                             .drawn = static_cast<int>(continuation.follows.size())};
    Places& places =
        add_scored(knobs, {.prompt = continuation.prompt, .given = continuation.follows});
    places.reference = full_cache(knobs, drawing);
    places.drawn = push({.knobs = knobs, .passage = drawing, .audit = holds_by_audit(knobs)});
  }

  const StudyMaterial& material_;
  const ModelConfig& config_;
  Unit unit_;
  std::vector<LaneRequest> requests_;
  std::vector<Places> places_;  // by configuration
  std::map<std::string, std::size_t> full_;
};

class Batch {
 public:
  Batch(const std::shared_ptr<const Model>& model, std::span<const Configuration> configurations,
        const StudyMaterial& material, const BatchOptions& options)
      : session_(model, options.threads),
        configurations_(configurations),
        material_(material),
        options_(options),
        results_(configurations.size()),
        own_policy_(configurations.size()) {}

  std::vector<ConfigurationResult> run(const std::function<void(std::size_t)>& on_step,
                                       const std::stop_token& stop) {
    std::vector<UnitPlan> plans;
    std::size_t lanes = 0;
    for (const Unit& unit : units_of(material_)) {
      UnitPlan plan(material_, session_.model().config(), unit);
      for (const Configuration& configuration : configurations_) plan.add(configuration.knobs);
      const std::size_t more = plan.requests().size();
      if (!plans.empty() && lanes + more > static_cast<std::size_t>(options_.lanes)) {
        run_together(plans, on_step, stop);
        plans.clear();
        lanes = 0;
      }
      lanes += more;
      plans.push_back(std::move(plan));
    }
    run_together(plans, on_step, stop);
    if (stop.stop_requested()) return {};
    add_timing();
    return std::move(results_);
  }

 private:
  void run_together(const std::vector<UnitPlan>& plans,
                    const std::function<void(std::size_t)>& on_step, const std::stop_token& stop) {
    if (stop.stop_requested()) return;
    std::vector<LaneRequest> requests;
    for (const UnitPlan& plan : plans) {
      const std::size_t first = requests.size();
      for (LaneRequest request : plan.requests()) {
        if (request.twin) *request.twin += first;
        requests.push_back(std::move(request));
      }
    }
    const auto outcomes = run_lanes(session_, requests, passes_, on_step, stop);
    if (stop.stop_requested()) return;
    std::size_t first = 0;
    for (const UnitPlan& plan : plans) {
      account(plan, std::span(outcomes).subspan(first, plan.requests().size()));
      first += plan.requests().size();
    }
  }

  // Units come in their order, whatever ran together, so that sums are the same in every batch.
  void account(const UnitPlan& plan, std::span<const LaneOutcome> outcomes) {
    for (std::size_t at = 0; at < configurations_.size(); ++at) {
      const UnitPlan::Places& places = plan.places()[at];
      const LaneOutcome& own = outcomes[places.own];
      own_policy_[at].ms += own.policy_ms;
      own_policy_[at].tokens += own.fed;
      if (plan.unit().kind == Unit::Kind::question) {
        add_answer(results_[at], material_.questions[plan.unit().index], own);
        continue;
      }
      add_scored(at, own, outcomes[*plan.requests()[places.own].twin]);
      add_heads(results_[at], places.heads.get());
      if (!places.drawn) continue;
      add_continuation(results_[at], material_.continuations[plan.unit().index],
                       outcomes[*places.drawn].drawn, outcomes[*places.reference].drawn);
    }
  }

  void add_scored(std::size_t at, const LaneOutcome& outcome, const LaneOutcome& full) {
    ConfigurationResult& result = results_[at];
    result.full_scores.push_back({.nll = full.nll, .scored = full.scored});
    result.scores.push_back({.nll = outcome.nll, .scored = outcome.scored});
    result.divergences.push_back({.steps = outcome.fed,
                                  .logit_kl = outcome.totals.logit_kl(),
                                  .attention_kl = outcome.totals.attention_kl()});
    result.totals.merge(outcome.totals, configurations_[at].knobs);
    result.layers.resize(outcome.layers.size());
    for (std::size_t layer = 0; layer < outcome.layers.size(); ++layer) {
      result.layers[layer].merge(outcome.layers[layer]);
    }
    if (!outcome.estimates) return;
    if (!result.estimates) result.estimates.emplace();
    const auto count = static_cast<double>(result.scores.size());
    const auto average = [&](double& mean, double next) { mean += (next - mean) / count; };
    average(result.estimates->mean, outcome.estimates->mean);
    average(result.estimates->bound, outcome.estimates->bound);
    average(result.estimates->within_bound, outcome.estimates->within_bound);
    result.estimates->largest = std::max(result.estimates->largest, outcome.estimates->largest);
  }

  static void add_heads(ConfigurationResult& result, const HeadWatch* heads) {
    if (heads == nullptr) return;
    if (result.heads) return result.heads->merge(*heads);
    result.heads = *heads;
  }

  static void add_continuation(ConfigurationResult& result, const Continuation& continuation,
                               const std::vector<int>& drawn, const std::vector<int>& full) {
    const std::size_t length = continuation.prompt.size() + continuation.follows.size();
    result.continuations.push_back({.prompt = continuation.number,
                                    .length = static_cast<int>(length),
                                    .tokens = drawn,
                                    .likeness = compare_continuation(drawn, full)});
  }

  static void add_answer(ConfigurationResult& result, const RecallQuestion& question,
                         const LaneOutcome& outcome) {
    result.answers.push_back({.distance = question.distance,
                              .changed_fact = question.changed_fact,
                              .right = outcome.drawn == question.answer});
  }

  void add_timing() {
    StudyTiming shared{.prompt_ms = passes_.prompt_ms};
    const auto steps = static_cast<double>(passes_.steps.size());
    const auto rows = static_cast<double>(passes_.rows);
    shared.lanes = rows / steps;
    for (const PhaseTimes& times : passes_.steps) {
      shared.passes.add_pass(times, passes_.rows / passes_.steps.size());
      shared.per_token.linear_ms += times.linear_ms / rows;
      shared.per_token.attention_ms += times.attention_ms / rows;
      shared.per_token.policy_ms += times.policy_ms / rows;
      shared.per_token.audit_ms += times.audit_ms / rows;
    }
    for (std::size_t at = 0; at < results_.size(); ++at) {
      results_[at].timing = shared;
      results_[at].timing.own_policy_ms =
          own_policy_[at].ms / static_cast<double>(own_policy_[at].tokens);
    }
  }

  struct OwnPolicy {
    double ms = 0;
    std::size_t tokens = 0;
  };

  Session session_;
  std::span<const Configuration> configurations_;
  const StudyMaterial& material_;
  const BatchOptions& options_;
  SharedPasses passes_;
  std::vector<ConfigurationResult> results_;
  std::vector<OwnPolicy> own_policy_;  // by configuration
};

}  // namespace

std::vector<ConfigurationResult> measure_batch(const std::shared_ptr<const Model>& model,
                                               std::span<const Configuration> configurations,
                                               const StudyMaterial& material,
                                               const BatchOptions& options,
                                               const std::function<void(std::size_t)>& on_step,
                                               const std::stop_token& stop) {
  return Batch(model, configurations, material, options).run(on_step, stop);
}

int lanes_that_fit(const Model& model, const StudyMaterial& material) {
  std::size_t longest = 0;
  const auto consider = [&](std::size_t length) { longest = std::max(longest, length); };
  for (const auto& chunk : material.chunks) consider(chunk.size());
  for (const auto& one : material.continuations) consider(one.prompt.size() + one.follows.size());
  for (const auto& one : material.questions) consider(static_cast<std::size_t>(one.length()));

  const ModelConfig& config = model.config();
  const auto vocabulary = static_cast<std::size_t>(config.vocabulary);
  // What is stored and what the audit keeps of the evicted is one token's worth for each token;
  // half of that again for tables, counters and pages in part filled.
  const std::size_t lane_bytes =
      sizeof(float) * (longest * config.kv_floats_per_token() * 3 / 2 + 2 * vocabulary);
  const std::size_t budget = available_memory() / 4;
  return static_cast<int>(std::clamp<std::size_t>(budget / lane_bytes, 4, 96));
}

}  // namespace sketchscope
