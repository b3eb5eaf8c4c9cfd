// The policies, and the registry that lists them.
#include "engine/policy/policy.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "engine/core/random.hpp"
#include "engine/core/text.hpp"
#include "engine/policy/formula_policy.hpp"
#include "engine/policy/observing_policies.hpp"
#include "engine/policy/policy_entry.hpp"
#include "engine/policy/sketch_estimates.hpp"

namespace sketchscope::policy {
namespace {

/// Never evicts; every position has the score 0.
class FullPolicy final : public Policy {
 public:
  [[nodiscard]] bool evicts() const override { return false; }

  void score(const ScoreInput&, std::span<float> importance) const override {
    std::ranges::fill(importance, 0.0F);
  }
};

/// Keeps sinks and the most recent positions (StreamingLLM, arXiv 2309.17453).
class WindowPolicy final : public Policy {
 public:
  [[nodiscard]] bool keeps_latest() const override { return true; }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    std::ranges::transform(input.stored_positions, importance.begin(),
                           [](int position) { return static_cast<float>(position); });
  }
};

/// Keeps the positions for which a slot statistic is largest.
template <cache::Statistic statistic>
class LargestPolicy final : public Policy {
 public:
  [[nodiscard]] cache::StatisticSet needs() const override { return {statistic}; }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    std::ranges::copy(input.statistics.values(statistic), importance.begin());
  }
};

/// Keeps the positions with the most attention accumulated over all queries so far (H2O, arXiv
/// 2306.14048).
using HeavyHitterPolicy = LargestPolicy<cache::Statistic::accumulated_mass>;

/// Keeps the positions that the last query attended to most (TOVA, arXiv 2401.06104).
using TovaPolicy = LargestPolicy<cache::Statistic::last_mass>;

/// Keeps the positions whose removal, each alone, would have changed the output most, summed over
/// all queries so far (CAOTE, arXiv 2504.14051).
using CaotePolicy = LargestPolicy<cache::Statistic::output_perturbation>;

/// Keeps the positions with the most accumulated attention as estimated by a sketch.
class SketchPolicy final : public Policy {
 public:
  [[nodiscard]] bool uses_sketch() const override { return true; }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    sketch_estimates(input, importance);
  }
};

/// Scores a position by its accumulated mass per query that saw it, so that age alone does not
/// raise the score.
class AgeNormalizedPolicy final : public Policy {
 public:
  [[nodiscard]] cache::StatisticSet needs() const override {
    return {cache::Statistic::accumulated_mass, cache::Statistic::query_count};
  }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    const auto mass = input.statistics.values(cache::Statistic::accumulated_mass);
    const auto queries = input.statistics.values(cache::Statistic::query_count);
    for (std::size_t slot = 0; slot < importance.size(); ++slot) {
      importance[slot] = queries[slot] > 0 ? mass[slot] / queries[slot] : 0.0F;
    }
  }
};

/// Keeps the keys of smallest norm, which tend to draw the most attention in trained models (Devoto
/// and others, arXiv 2406.11430). It needs no attention weights.
class KeyNormPolicy final : public Policy {
 public:
  [[nodiscard]] cache::StatisticSet needs() const override { return {cache::Statistic::key_norm}; }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    std::ranges::transform(input.statistics.values(cache::Statistic::key_norm), importance.begin(),
                           std::negate<>());
  }
};

/// Scores every position of a layer by a fixed random number, as a control for experiments whose
/// runs still replay.
class RandomPolicy final : public Policy {
 public:
  void score(const ScoreInput& input, std::span<float> importance) const override {
    const std::uint64_t of_layer =
        mixed(mixed(input.seed) + static_cast<std::uint64_t>(input.layer));
    std::ranges::transform(input.stored_positions, importance.begin(), [&](int position) {
      // A float holds 24 bits, so the score is uniform in [0, 1).
      const std::uint64_t bits = mixed(of_layer + static_cast<std::uint64_t>(position)) >> 40;
      return static_cast<float>(bits) * 0x1.0p-24F;
    });
  }

 private:
  static std::uint64_t mixed(std::uint64_t value) { return core::SplitMix64(value).next(); }
};

}  // namespace

std::size_t statistics_bytes_a_slot(const Policy& policy, const Observation& observation) {
  return (policy.needs().size() + static_cast<std::size_t>(policy.mass_rows(observation))) *
         sizeof(float);
}

std::string bytes_text(const PolicyKind& kind, const Observation& observation) {
  const auto policy = kind.make();
  const std::size_t a_slot = statistics_bytes_a_slot(*policy, observation);
  std::string text = a_slot > 0 ? std::to_string(a_slot) + " bytes a slot and table" : "";
  if (kind.uses_sketch) text = "the sketch's table in every layer";
  if (!policy->needs_query_moments()) return text.empty() ? "no bytes" : text;
  return text + ", and 2 D (D + 3) bytes a query head";
}

std::string description_of(const PolicyKind& kind, const Observation& observation) {
  const PolicyFacts& facts = kind.facts;
  std::string text = std::string(kind.name) + ": " + std::string(kind.help);
  text += "\nScore: " + std::string(facts.formula) + ".";
  if (!facts.source.empty()) text += "\nAfter " + std::string(facts.source) + ".";
  if (!facts.needs.empty()) {
    text += "\nNeeds: " + std::string(facts.needs) + "; " + bytes_text(kind, observation) + ".";
  }
  return text + "\nTime: " + std::string(facts.time) +
         ". Chooses while decoding and after a prompt.";
}

const core::Registry<PolicyKind>& policy_kinds() {
  static const std::array kinds = {
      policy_entry<FullPolicy>("full", "never evicts; ignores the capacity",
                               {.formula = "0: nothing leaves", .time = "none"}),
      policy_entry<WindowPolicy>("window", "keeps sinks and the most recent positions",
                                 {.formula = "the position",
                                  .source = "StreamingLLM, arXiv 2309.17453",
                                  .time = "none to speak of"}),
      policy_entry<HeavyHitterPolicy>(
          "heavy-hitter", "keeps the largest accumulated attention mass, counted exactly",
          {.formula = "accumulated mass",
           .source = "H2O, arXiv 2306.14048",
           .needs = "accumulated mass",
           .time = "one addition a slot and step"}),
      policy_entry<SketchPolicy>(
          "sketch", "keeps the largest accumulated attention mass, as a sketch estimates it",
          {.formula = "the sketch's estimate of the position's item",
           .needs = "a table of sketch_width · sketch_depth counters a layer",
           .time = "sketch_depth cells a slot and step"}),
      policy_entry<TovaPolicy>("tova", "keeps the largest mass under the last query",
                               {.formula = "mass under the last query",
                                .source = "TOVA, arXiv 2401.06104",
                                .needs = "mass under the last query",
                                .time = "one number a slot and step"}),
      policy_entry<AgeNormalizedPolicy>("age-normalized",
                                        "keeps the largest accumulated mass per query that saw it",
                                        {.formula = "accumulated mass / queries that saw it",
                                         .source = "observed attention of kvpress",
                                         .needs = "accumulated mass, number of queries",
                                         .time = "two additions a slot and step"}),
      policy_entry<KeyNormPolicy>("key-norm", "keeps the keys of smallest norm",
                                  {.formula = "−‖k‖, summed over heads",
                                   .source = "arXiv 2406.11430",
                                   .needs = "norms of keys",
                                   .time = "one norm a token"}),
      policy_entry<CaotePolicy>(
          "caote", "keeps what the output would have missed most, had it alone been dropped",
          {.formula = "Σ over queries and heads of a/(1−a)·‖o−v‖",
           .source = "CAOTE, arXiv 2504.14051",
           .needs = "accumulated perturbation of the output",
           .time = "D products a slot, head and step"}),
      snapkv_policy(),
      expected_attention_policy(),
      key_diff_policy(),
      r_kv_policy(),
      policy_entry<RandomPolicy>("random",
                                 "keeps positions at random, the same ones in every replay",
                                 {.formula = "a fixed random number of layer and position",
                                  .time = "two random numbers a slot for each choice"}),
      formula_policy(),
  };
  static const core::Registry<PolicyKind> registry("policy", kinds);
  return registry;
}

}  // namespace sketchscope::policy
