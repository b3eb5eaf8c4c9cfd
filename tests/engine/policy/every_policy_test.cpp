// Properties of every registered policy, and of each one alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/policy/policy.hpp"

namespace sketchscope::policy {
namespace {

constexpr int kHeads = 3;
constexpr int kHeadWidth = 6;
constexpr int kPositions = 1024;
constexpr Observation kObservation{.window = 4, .pool_kernel = 3};

// A table of shuffled positions after some steps of random attention, counted by everything there
// is.
class Table {
 public:
  Table(const Policy& policy, std::uint64_t seed,
        sketch::SketchKey key = sketch::SketchKey::position)
      : key_(key),
        statistics_(policy.needs(), policy.mass_rows(kObservation)),
        sketch_(sketch::sketch_kinds().at("exact").make({})) {
    core::SplitMix64 random(seed);
    positions_.resize(40);
    std::iota(positions_.begin(), positions_.end(), 7);
    for (std::size_t left = positions_.size(); left > 1; --left) {
      std::swap(positions_[left - 1], positions_[random.below(left)]);
    }
    for (int slot = 0; slot < slots(); ++slot) {
      tokens_.push_back(static_cast<int>(random.below(20)));
      statistics_.admit(slot);
    }
    accumulated_.resize(positions_.size());
    for (int slot = 0; slot < slots(); ++slot) {
      statistics_.set(cache::Statistic::key_norm, slot, static_cast<float>(random.uniform()));
      statistics_.set(cache::Statistic::value_norm, slot, static_cast<float>(random.uniform()));
      const std::vector<float> stored_key = numbers(random), value = numbers(random);
      stored_.append({.position = positions_[static_cast<std::size_t>(slot)],
                      .token = tokens_[static_cast<std::size_t>(slot)],
                      .key = stored_key,
                      .value = value});
    }
    for (int query = 0; query < 30; ++query) moments_.observe(numbers(random));
    for (int step = 0; step < kSteps; ++step) observe(random);
  }

  static constexpr int kSteps = 5;

  [[nodiscard]] int slots() const { return static_cast<int>(positions_.size()); }
  [[nodiscard]] const std::vector<int>& positions() const { return positions_; }
  [[nodiscard]] const std::vector<int>& tokens() const { return tokens_; }
  [[nodiscard]] const std::vector<double>& accumulated() const { return accumulated_; }
  [[nodiscard]] const std::vector<double>& last() const { return last_; }

  [[nodiscard]] std::vector<float> scores(const Policy& policy, int layer = 0,
                                          std::uint64_t seed = 42) const {
    std::vector<float> importance(positions_.size(), std::nanf(""));
    ScoreRoom room;
    policy.score({.layer = layer,
                  .stored_positions = positions_,
                  .statistics = statistics_,
                  .sketch = policy.uses_sketch() ? sketch_.get() : nullptr,
                  .items = items(),
                  .seed = seed,
                  .next_position = std::ranges::max(positions_) + 1,
                  .observation = kObservation,
                  .stored = {.table = &stored_,
                             .kv_heads = kHeads,
                             .query_heads = kHeads,
                             .head_width = kHeadWidth,
                             .scale = 0.4F},
                  .moments = &moments_,
                  .room = &room},
                 importance);
    return importance;
  }

 private:
  static std::vector<float> numbers(core::SplitMix64& random) {
    std::vector<float> drawn(kHeads * kHeadWidth);
    for (float& number : drawn) number = static_cast<float>(random.uniform() - 0.5);
    return drawn;
  }

  void observe(core::SplitMix64& random) {
    std::vector<float> mass(positions_.size() * kHeads);
    for (float& value : mass) value = static_cast<float>(random.uniform());
    statistics_.observe({.data = mass.data(), .heads = kHeads, .slots = slots(), .stride = slots()},
                        1.0F);
    statistics_.accumulate(cache::Statistic::output_perturbation,
                           std::span(mass).first(positions_.size()), 1.0F);
    last_.assign(positions_.size(), 0.0);
    std::vector<kernels::SketchItem> batch;
    const sketch::ItemMap map = items();
    for (int head = 0; head < kHeads; ++head) {
      for (std::size_t slot = 0; slot < positions_.size(); ++slot) {
        const float each = mass[static_cast<std::size_t>(head) * positions_.size() + slot];
        last_[slot] += each;
        accumulated_[slot] += each;
        batch.push_back({.id = map.id(map.rows() > 1 ? head : 0, slot), .mass = each});
      }
    }
    sketch_->update(batch);
  }

  [[nodiscard]] sketch::ItemMap items() const {
    return {.key = key_,
            .heads = {.first = 0, .count = kHeads},
            .context = kPositions,
            .positions = positions_,
            .tokens = tokens_};
  }

  sketch::SketchKey key_;
  std::vector<int> positions_;
  std::vector<int> tokens_;
  cache::SlotStatistics statistics_;
  cache::SlotTable stored_{std::make_shared<cache::PagePool>(
      cache::PageShape{.heads = kHeads, .head_width = kHeadWidth})};
  cache::QueryMoments moments_{kHeads, kHeadWidth};
  std::unique_ptr<sketch::Sketch> sketch_;
  std::vector<double> accumulated_;
  std::vector<double> last_;
};

class EveryPolicy : public ::testing::TestWithParam<PolicyKind> {};

TEST_P(EveryPolicy, ScoresEverySlotWithANumber) {
  const auto policy = GetParam().make();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const float score : Table(*policy, seed).scores(*policy))
      ASSERT_TRUE(std::isfinite(score));
  }
}

TEST_P(EveryPolicy, PutsSlotsInOrderIfItEvicts) {
  const auto policy = GetParam().make();
  const std::vector<float> scores = Table(*policy, 1).scores(*policy);
  const std::set<float> distinct(scores.begin(), scores.end());
  // The latest that it protects stand above the others, side by side.
  const auto protects = static_cast<std::size_t>(policy->protected_latest(kObservation));
  const std::size_t alike = protects > 0 ? protects - 1 : 0;
  EXPECT_EQ(distinct.size(), policy->evicts() ? scores.size() - alike : 1U);
}

TEST_P(EveryPolicy, ScoresTheLatestThatItProtectsAboveAllOthers) {
  const auto policy = GetParam().make();
  const Table table(*policy, 12);
  const std::vector<float> scores = table.scores(*policy);
  const int protects = policy->protected_latest(kObservation);
  const int first = std::ranges::max(table.positions()) + 1 - protects;
  float others = -1e9F;
  float latest = 1e9F;
  for (std::size_t slot = 0; slot < scores.size(); ++slot) {
    const bool is_latest = protects > 0 && table.positions()[slot] >= first;
    (is_latest ? latest : others) =
        is_latest ? std::min(latest, scores[slot]) : std::max(others, scores[slot]);
  }
  EXPECT_GT(latest, others);
}

TEST_P(EveryPolicy, ScoresAlikeWhenAskedTwice) {
  const auto policy = GetParam().make();
  const Table table(*policy, 2);
  EXPECT_EQ(table.scores(*policy), table.scores(*GetParam().make()));
}

TEST_P(EveryPolicy, SaysWhatItIsForAndWhatItCosts) {
  EXPECT_GT(GetParam().help.size(), 10U);
  EXPECT_FALSE(GetParam().facts.formula.empty());
  EXPECT_FALSE(GetParam().facts.time.empty());
  const auto policy = GetParam().make();
  const bool keeps_something = !policy->needs().empty() || policy->mass_rows({}) > 0 ||
                               policy->uses_sketch() || policy->reads_vectors();
  EXPECT_EQ(GetParam().facts.needs.empty(), !keeps_something);
}

INSTANTIATE_TEST_SUITE_P(Registered, EveryPolicy,
                         ::testing::ValuesIn(policy_kinds().begin(), policy_kinds().end()),
                         [](const auto& kind) {
                           std::string name(kind.param.name);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

void expect_near(const std::vector<float>& scores, const std::vector<double>& expected) {
  ASSERT_EQ(scores.size(), expected.size());
  for (std::size_t slot = 0; slot < scores.size(); ++slot) {
    EXPECT_NEAR(scores[slot], expected[slot], 1e-5) << "slot " << slot;
  }
}

TEST_P(EveryPolicy, CanDoWhatItsRegistryEntrySays) {
  const auto policy = GetParam().make();
  EXPECT_EQ(GetParam().evicts, policy->evicts());
  EXPECT_EQ(GetParam().uses_sketch, policy->uses_sketch());
  EXPECT_EQ(GetParam().keeps_latest, policy->keeps_latest());
  EXPECT_EQ(GetParam().observes_window, policy->mass_rows({.window = 9}) == 9);
  EXPECT_EQ(GetParam().pools, policy->pools());
}

TEST_P(EveryPolicy, LetsTheOldestGoFirstIfItKeepsTheLatest) {
  const auto policy = GetParam().make();
  const Table table(*policy, 3);
  const std::vector<float> scores = table.scores(*policy);
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t slot) { return table.positions()[slot]; });
  const bool by_position = std::ranges::is_sorted(order, std::less_equal<>(),
                                                  [&](std::size_t slot) { return scores[slot]; });
  EXPECT_EQ(by_position, policy->keeps_latest());
}

TEST(PolicyRegistry, NamesThePoliciesThereAreWhenAskedForAnother) {
  try {
    static_cast<void>(policy_kinds().at("lru"));
    FAIL() << "an unknown policy was made";
  } catch (const core::UsageError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("lru"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("heavy-hitter"));
  }
}

TEST(FullPolicy, IsTheOnlyOneThatNeverEvicts) {
  for (const PolicyKind& kind : policy_kinds()) {
    EXPECT_EQ(kind.evicts, kind.name != "full") << kind.name;
  }
}

TEST(WindowPolicy, ScoresByPosition) {
  const auto policy = policy_kinds().at("window").make();
  const Table table(*policy, 3);
  expect_near(table.scores(*policy), {table.positions().begin(), table.positions().end()});
}

TEST(HeavyHitterPolicy, ScoresByMassOverAllQueriesAndHeads) {
  const auto policy = policy_kinds().at("heavy-hitter").make();
  const Table table(*policy, 4);
  expect_near(table.scores(*policy), table.accumulated());
}

TEST(TovaPolicy, ScoresByMassUnderTheLastQuery) {
  const auto policy = policy_kinds().at("tova").make();
  const Table table(*policy, 5);
  expect_near(table.scores(*policy), table.last());
}

TEST(AgeNormalizedPolicy, ScoresByMassPerQuery) {
  const auto policy = policy_kinds().at("age-normalized").make();
  const Table table(*policy, 6);
  std::vector<double> expected = table.accumulated();
  for (double& mass : expected) mass /= Table::kSteps;
  expect_near(table.scores(*policy), expected);
}

TEST(AgeNormalizedPolicy, ScoresZeroBeforeAnyQuery) {
  const auto policy = policy_kinds().at("age-normalized").make();
  cache::SlotStatistics statistics(policy->needs());
  statistics.admit(0);
  std::vector<float> importance = {9.0F};
  policy->score({.statistics = statistics}, importance);
  EXPECT_EQ(importance.front(), 0.0F);
}

TEST(SketchPolicy, ScoresByTheEstimateOfThePosition) {
  const auto policy = policy_kinds().at("sketch").make();
  const Table table(*policy, 7);
  expect_near(table.scores(*policy), table.accumulated());
}

TEST(SketchPolicy, SumsOverHeadsWhereEachHeadHasItsItems) {
  const auto policy = policy_kinds().at("sketch").make();
  const Table table(*policy, 8, sketch::SketchKey::head_position);
  expect_near(table.scores(*policy), table.accumulated());
}

TEST(SketchPolicy, SumsOverPositionsThatHoldTheSameToken) {
  const auto policy = policy_kinds().at("sketch").make();
  const Table table(*policy, 9, sketch::SketchKey::token);
  std::vector<double> expected(table.tokens().size());
  for (std::size_t slot = 0; slot < expected.size(); ++slot) {
    for (std::size_t other = 0; other < expected.size(); ++other) {
      if (table.tokens()[other] == table.tokens()[slot]) {
        expected[slot] += table.accumulated()[other];
      }
    }
  }
  expect_near(table.scores(*policy), expected);
}

TEST(SketchPolicy, RefusesToScoreWithoutASketch) {
  std::vector<float> importance(1);
  EXPECT_THROW(policy_kinds().at("sketch").make()->score({.statistics = cache::SlotStatistics()},
                                                         importance),
               core::Error);
}

TEST(KeyNormPolicy, LetsTheLongestKeyGoFirst) {
  const auto policy = policy_kinds().at("key-norm").make();
  cache::SlotStatistics statistics(policy->needs());
  std::vector<float> importance(3);
  for (int slot = 0; slot < 3; ++slot) statistics.admit(slot);
  for (const auto& [slot, norm] : {std::pair{0, 2.0F}, {1, 5.0F}, {2, 1.0F}}) {
    statistics.set(cache::Statistic::key_norm, slot, norm);
  }
  policy->score({.statistics = statistics}, importance);
  EXPECT_THAT(importance, ::testing::ElementsAre(-2, -5, -1));
}

TEST(RandomPolicy, DependsOnSeedLayerAndPositionAlone) {
  const auto policy = policy_kinds().at("random").make();
  const Table table(*policy, 10);
  EXPECT_NE(table.scores(*policy, 0, 1), table.scores(*policy, 0, 2));
  EXPECT_NE(table.scores(*policy, 0, 1), table.scores(*policy, 1, 1));

  const Table other(*policy, 11);
  const std::vector<float> one_order = table.scores(*policy);
  const std::vector<float> other_order = other.scores(*policy);
  for (std::size_t slot = 0; slot < one_order.size(); ++slot) {
    const auto same = std::ranges::find(other.positions(), table.positions()[slot]);
    EXPECT_EQ(other_order[static_cast<std::size_t>(same - other.positions().begin())],
              one_order[slot]);
  }
}

// The expected values were computed from the definition with Python's unbounded integers.
TEST(RandomPolicy, DrawsTheSameNumbersEverywhere) {
  const std::vector<int> positions = {0, 1, 2, 3};
  const cache::SlotStatistics statistics;
  std::vector<float> importance(4);
  policy_kinds().at("random").make()->score(
      {.layer = 0, .stored_positions = positions, .statistics = statistics, .seed = 42},
      importance);
  EXPECT_THAT(importance, ::testing::ElementsAre(6492351 * 0x1.0p-24F, 11961070 * 0x1.0p-24F,
                                                 14526225 * 0x1.0p-24F, 2850231 * 0x1.0p-24F));
}

}  // namespace
}  // namespace sketchscope::policy
