#include "engine/measure/formula_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/measure/ridge.hpp"
#include "engine/policy/formula.hpp"
#include "engine/policy/victim.hpp"
#include "engine/schedule/schedule.hpp"

namespace sketchscope::measure {
namespace {

constexpr int kStride = 16;          // tokens from one sampled moment to the next
constexpr std::size_t kFolds = 5;    // parts of the chunks, each left out of the fit once
constexpr double kLeastMass = 1e-6;  // added before the logarithm, of mass to come

/// The terms as policies, which score a table of the full cache.
std::vector<std::unique_ptr<policy::Policy>> term_policies() {
  std::vector<std::unique_ptr<policy::Policy>> policies;
  for (const std::string_view term : fit_terms()) {
    policies.push_back(policy::policy_kinds().at("formula").make({.formula = term}));
  }
  return policies;
}

/// The policy of a full cache that keeps what the terms need and the last query's masses.
class CountingPolicy final : public policy::Policy {
 public:
  CountingPolicy() : needs_{cache::Statistic::last_mass} {
    for (const auto& term : term_policies()) {
      for (const cache::Statistic needed : term->needs()) {
        if (std::ranges::find(needs_, needed) == needs_.end()) needs_.push_back(needed);
      }
    }
  }

  [[nodiscard]] bool evicts() const override { return false; }
  [[nodiscard]] cache::StatisticSet needs() const override { return needs_; }
  void score(const policy::ScoreInput&, std::span<float> importance) const override {
    std::ranges::fill(importance, 0.0F);
  }

 private:
  cache::StatisticSet needs_;
};

/// One table at one moment: the terms of the positions that could leave.
struct Moment {
  int layer = 0;
  int table = 0;
  int step = 0;                // the queries of this step and later ones give the target
  std::vector<int> positions;  // (N)
  std::vector<double> terms;   // (N, terms)
};

/// Feeds one chunk to a full cache and returns the sums that its samples contribute to a fit.
class ChunkSampler {
 public:
  ChunkSampler(const model::ModelConfig& config, const FitOptions& options, std::size_t tokens)
      : knobs_(options.knobs),
        layers_(config.layers),
        future_(config.layers, tables_of(config), static_cast<int>(tokens)),
        policies_(term_policies()) {}

  [[nodiscard]] schedule::LaneGroup requests(std::span<const int> chunk) {
    settings::Knobs full{.policy = "full"};
    full.granularity = knobs_.granularity;
    full.decay = knobs_.decay;
    full.prefill = settings::Prefill::stream;
    return {{.lane = {.knobs = full, .policy = std::make_shared<const CountingPolicy>()},
             .passage = {.given = chunk},
             .on_step = [this](const schedule::LaneStep& step) { see(step.lane()); }}};
  }

  [[nodiscard]] RidgeSums sums() {
    future_.accumulate();
    RidgeSums sums(fit_terms().size());
    for (const Moment& moment : moments_) add(moment, sums);
    return sums;
  }

 private:
  [[nodiscard]] int tables_of(const model::ModelConfig& config) const {
    return knobs_.granularity == settings::Granularity::head ? config.kv_heads : 1;
  }

  void see(const decode::Lane& lane) {
    const int step = static_cast<int>(lane.tokens().size()) - 1;
    const bool sampled = step + 1 >= knobs_.max_cache_size && (step + 1) % kStride == 0;
    for (int layer = 0; layer < layers_; ++layer) {
      const decode::LayerView view = lane.layer(layer);
      for (int table = 0; table < future_.tables(); ++table) {
        const decode::TableView stored = view.table(table);
        future_.record(layer, table, step, stored.statistic(cache::Statistic::last_mass));
        if (sampled && step + 1 < future_.length()) note(stored, layer, table, step);
      }
    }
  }

  void note(const decode::TableView& table, int layer, int index, int step) {
    Moment moment{.layer = layer, .table = index, .step = step + 1};
    const int recent = std::max(knobs_.recent_window, 1) - 1;
    const int end = policy::first_recent_position(table.positions(), recent);
    std::vector<std::size_t> slots;
    for (std::size_t slot = 0; slot < table.positions().size(); ++slot) {
      const int position = table.positions()[slot];
      if (position < knobs_.sinks || position >= end) continue;
      slots.push_back(slot);
      moment.positions.push_back(position);
    }
    moment.terms.resize(slots.size() * policies_.size());
    for (std::size_t term = 0; term < policies_.size(); ++term) {
      const std::vector<float> scores = table.scores_by(*policies_[term]);
      for (std::size_t at = 0; at < slots.size(); ++at) {
        moment.terms[at * policies_.size() + term] = scores[slots[at]];
      }
    }
    moments_.push_back(std::move(moment));
  }

  void add(const Moment& moment, RidgeSums& sums) const {
    std::vector<double> target;
    for (const int position : moment.positions) {
      const double mass = future_.from(moment.layer, moment.table, moment.step, position);
      target.push_back(std::log(mass + kLeastMass));
    }
    sums.add_group(moment.terms, target);
  }

  settings::Knobs knobs_;
  int layers_;
  FutureMass future_;
  std::vector<std::unique_ptr<policy::Policy>> policies_;
  std::vector<Moment> moments_;
};

/// Returns the explained share of chunks that were left out, with one penalty for all folds.
double explained_elsewhere(std::span<const RidgeSums> folds, double penalty) {
  double explained = 0, whole = 0;
  for (std::size_t left_out = 0; left_out < folds.size(); ++left_out) {
    RidgeSums others(fit_terms().size());
    for (std::size_t fold = 0; fold < folds.size(); ++fold) {
      if (fold != left_out) others += folds[fold];
    }
    const std::vector<double> weights = others.weights(penalty);
    whole += folds[left_out].variance();
    explained += folds[left_out].variance() - folds[left_out].error(weights);
  }
  return whole > 0 ? explained / whole : 0;
}

std::string weight_text(double weight) {
  constexpr double kDigits = 1000;
  return core::number_text(std::round(std::abs(weight) * kDigits) / kDigits);
}

std::string text_of(std::span<const WeightedTerm> terms) {
  std::string text;
  for (const auto& [term, weight] : terms) {
    text += text.empty() ? (weight < 0 ? "-" : "") : weight < 0 ? " - " : " + ";
    text += weight_text(weight) + "*" + term;
  }
  return text;
}

void choose_weights(std::span<const RidgeSums> folds, FittedFormula& fitted) {
  constexpr std::array kPenalties = {1e-4, 1e-3, 1e-2, 1e-1, 1.0};
  fitted.explained = -1;
  for (const double penalty : kPenalties) {
    const double explained = explained_elsewhere(folds, penalty);
    if (explained <= fitted.explained) continue;
    fitted.explained = explained;
    fitted.penalty = penalty;
  }
  RidgeSums all(fit_terms().size());
  for (const RidgeSums& fold : folds) all += fold;
  const std::vector<double> weights = all.weights(fitted.penalty);
  for (std::size_t term = 0; term < weights.size(); ++term) {
    constexpr double kNegligible = 0.0005;  // would be written as 0
    if (std::abs(weights[term]) < kNegligible) continue;
    fitted.terms.push_back({std::string(fit_terms()[term]), weights[term]});
  }
  std::ranges::sort(fitted.terms, std::greater<>(),
                    [](const WeightedTerm& term) { return std::abs(term.weight); });
  fitted.samples = all.samples();
  fitted.text = fitted.terms.empty() ? "0" : text_of(fitted.terms);
}

}  // namespace

std::span<const std::string_view> fit_terms() {
  // Each is spread like the others over a table, so that one penalty suits all and a weight tells
  // what a term contributes.
  static constexpr std::array<std::string_view, 9> kTerms = {
      "zscore(log(mass + 1e-6))",
      "zscore(log(mass/queries + 1e-8))",
      "zscore(log(last + 1e-8))",
      "zscore(log(pool(last, 7) + 1e-8))",
      "zscore(log(age + 1))",
      "zscore(age)",
      "zscore(norm_k)",
      "zscore(norm_v)",
      "zscore(log(damage + 1e-6))",
  };
  return kTerms;
}

FittedFormula fit_formula(const std::shared_ptr<const model::Model>& model,
                          std::span<const int> tokens, const FitOptions& options,
                          const core::ProgressSink& progress, const std::stop_token& stop) {
  const auto chunks =
      chunks_of(tokens, *model,
                {.context = options.context, .start_token = options.start_token, .knobs = {}});
  const auto capacity = static_cast<std::size_t>(options.knobs.max_cache_size);
  const auto outgrows = [&](const std::vector<int>& chunk) {
    return chunk.size() > capacity + kStride;
  };
  if (std::ranges::count_if(chunks, outgrows) < 2) {
    throw core::UsageError({.what = "text to learn from",
                            .found = std::to_string(tokens.size()) + " tokens",
                            .expected = "two chunks or more, each longer than max_cache_size " +
                                        std::to_string(capacity) + " by " +
                                        std::to_string(kStride + 1),
                            .remedy = "Give a longer text, a smaller --context or a smaller "
                                      "max_cache_size"});
  }
  std::vector<RidgeSums> folds(std::min(kFolds, chunks.size()), RidgeSums(fit_terms().size()));
  FittedFormula fitted;
  decode::Session session(model, options.threads);
  for (std::size_t at = 0; at < chunks.size() && !fitted.interrupted; ++at) {
    if (!outgrows(chunks[at])) continue;
    ChunkSampler sampler(model->config(), options, chunks[at].size());
    const schedule::LaneGroup group = sampler.requests(chunks[at]);
    fitted.interrupted = schedule::run_schedule(session, {.groups = {&group, 1}}, stop).interrupted;
    if (fitted.interrupted) break;
    folds[at % folds.size()] += sampler.sums();
    ++fitted.chunks;
    if (progress) progress(static_cast<double>(at + 1) / static_cast<double>(chunks.size()));
  }
  std::erase_if(folds, [](const RidgeSums& fold) { return fold.samples() == 0; });
  if (folds.size() > 1) choose_weights(folds, fitted);
  return fitted;
}

}  // namespace sketchscope::measure
