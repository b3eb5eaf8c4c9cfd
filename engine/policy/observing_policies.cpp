// The policies that look at keys, values and single queries.
#include "engine/policy/observing_policies.hpp"

#include <algorithm>
#include <functional>

#include "engine/policy/policy_entry.hpp"
#include "engine/policy/score_terms.hpp"

namespace sketchscope::policy {
namespace {

// Lists in order of position the slots that are older than the last `latest` positions fed.
std::span<const int> older_slots(const ScoreInput& input, int latest) {
  std::vector<int>& order = input.room->order;
  put_in_order(input.stored_positions, order);
  const auto is_older = [&](int slot) {
    return input.stored_positions[static_cast<std::size_t>(slot)] < input.next_position - latest;
  };
  const auto end = std::ranges::find_if_not(order, is_older);
  return std::span(order).first(static_cast<std::size_t>(end - order.begin()));
}

// Puts every slot that is not in `older` above those that are, for reads that rank slots.
void raise_the_latest(const ScoreInput& input, int latest, std::span<const int> older,
                      std::span<float> importance) {
  float highest = 0;
  for (const int slot : older) {
    highest = std::max(highest, importance[static_cast<std::size_t>(slot)]);
  }
  for (std::size_t slot = 0; slot < importance.size(); ++slot) {
    if (input.stored_positions[slot] >= input.next_position - latest) {
      importance[slot] = highest + 1;
    }
  }
}

/// Keeps the positions with the most mass under the last queries, smoothed over neighbours (SnapKV,
/// arXiv 2404.14469).
class SnapKvPolicy final : public Policy {
 public:
  [[nodiscard]] int mass_rows(const Observation& observation) const override {
    return observation.window;
  }
  [[nodiscard]] int protected_latest(const Observation& observation) const override {
    return observation.window;
  }
  [[nodiscard]] bool pools() const override { return true; }
  [[nodiscard]] ScoreRoom::Size score_room(const TableSize& size) const override {
    return {.numbers = size.slots, .slots = size.slots};
  }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    const int latest = input.observation.window;
    const std::span<float> mean = input.room->take(importance.size());
    observed_mass(input, mean);
    const std::span<const int> older = older_slots(input, latest);
    pool(Pool::mean, input.observation.pool_kernel, older, mean, importance);
    raise_the_latest(input, latest, older, importance);
  }
};

/// Keeps the keys that differ most from the others of their head (KeyDiff, arXiv 2504.15364).
class KeyDiffPolicy final : public Policy {
 public:
  [[nodiscard]] bool reads_vectors() const override { return true; }
  [[nodiscard]] ScoreRoom::Size score_room(const TableSize& size) const override {
    return {.numbers = numbers_of_key_difference(size)};
  }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    key_difference(input, importance);
  }
};

/// Keeps the positions that queries like those so far will attend to most, weighed by the length of
/// their values (Expected Attention, arXiv 2510.00636).
class ExpectedAttentionPolicy final : public Policy {
 public:
  [[nodiscard]] cache::StatisticSet needs() const override {
    return {cache::Statistic::value_norm};
  }
  [[nodiscard]] bool reads_vectors() const override { return true; }
  [[nodiscard]] bool needs_query_moments() const override { return true; }
  [[nodiscard]] ScoreRoom::Size score_room(const TableSize& size) const override {
    return {.numbers = numbers_of_expected_mass(size)};
  }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    expected_mass(input, importance);
    std::ranges::transform(importance, input.statistics.values(cache::Statistic::value_norm),
                           importance.begin(), std::multiplies<>());
  }
};

/// Keeps what the last queries attended to and what repeats no other key (R-KV, arXiv 2505.24133).
class RKvPolicy final : public Policy {
 public:
  [[nodiscard]] int mass_rows(const Observation&) const override { return kLatest; }
  [[nodiscard]] int protected_latest(const Observation&) const override { return kLatest; }
  [[nodiscard]] bool reads_vectors() const override { return true; }
  [[nodiscard]] ScoreRoom::Size score_room(const TableSize& size) const override {
    return {.numbers = std::max(numbers_of_key_redundancy(size), 2 * size.slots),
            .slots = size.slots};
  }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    key_redundancy(input, importance);
    const std::span<float> room = input.room->take(2 * importance.size());
    const std::span<float> mean = room.first(importance.size());
    const std::span<float> pooled = room.subspan(importance.size());
    observed_mass(input, mean);
    const std::span<const int> older = older_slots(input, kLatest);
    pool(Pool::largest, kPoolKernel, older, mean, pooled);
    for (const int of_slot : older) {
      const auto slot = static_cast<std::size_t>(of_slot);
      importance[slot] = kMassShare * pooled[slot] - (1 - kMassShare) * importance[slot];
    }
    raise_the_latest(input, kLatest, older, importance);
  }

 private:
  // Queries that are looked at, and latest positions that are kept, as these queries are theirs.
  static constexpr int kLatest = 8;
  // A slot takes the largest mass of so many neighbours, itself in the middle.
  static constexpr int kPoolKernel = 7;
  static constexpr float kMassShare = 0.07F;  // λ, the weight of mass beside that of repeated keys
};

}  // namespace

PolicyKind snapkv_policy() {
  return policy_entry<SnapKvPolicy>(
      "snapkv", "keeps the most mass under the last queries, smoothed over neighbours",
      {.formula = "mean over pool_kernel neighbours of the mean mass under the last "
                  "observation_window queries; that window itself is protected",
       .source = "SnapKV, arXiv 2404.14469",
       .needs = "the mass of every slot under each of the last observation_window queries",
       .time = "observation_window additions a slot for each choice"});
}

PolicyKind expected_attention_policy() {
  return policy_entry<ExpectedAttentionPolicy>(
      "expected-attention", "keeps what queries like those so far will attend to most",
      {.formula = "‖v‖ · mean over the heads of softmax(c·μ·k + c²/2·kᵀΣk)",
       .source = "Expected Attention, arXiv 2510.00636",
       .needs = "stored keys, the norms of values, mean μ and covariance Σ of each head's queries",
       .time = "D² products a slot and head for each choice: evict_batch above 1 shares them"});
}

PolicyKind key_diff_policy() {
  return policy_entry<KeyDiffPolicy>(
      "key-diff", "keeps the keys that differ most from the others",
      {.formula = "−cos(k, mean of the normalised stored keys), summed over heads",
       .source = "KeyDiff, arXiv 2504.15364",
       .needs = "stored keys",
       .time = "two passes over the stored keys for each choice"});
}

PolicyKind r_kv_policy() {
  return policy_entry<RKvPolicy>(
      "r-kv", "keeps what the last queries attended to and what repeats no other key",
      {.formula = "0.07 · largest of 7 neighbours of the mean mass under the last 8 queries − "
                  "0.93 · softmax of the mean cosine with the other keys",
       .source = "R-KV, arXiv 2505.24133",
       .needs = "stored keys, the mass of every slot under each of the last 8 queries",
       .time = "S² products of keys for each choice: take evict_batch of 16 or more"});
}

}  // namespace sketchscope::policy
