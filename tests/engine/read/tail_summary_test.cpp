// Properties of every summary of evicted positions, and of some alone.
#include "engine/read/tail_summary.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope::read {
namespace {

constexpr int kHeads = 2;
constexpr int kWidth = 6;
constexpr float kScale = 0.4F;

std::vector<float> random_vector(core::SplitMix64& random, int count) {
  std::vector<float> vector(static_cast<std::size_t>(count));
  for (float& x : vector) x = static_cast<float>(2 * random.uniform() - 1);
  return vector;
}

/// Evicted keys and values with the sum and mean that they stand for.
struct Evicted {
  std::vector<std::vector<float>> keys;
  std::vector<std::vector<float>> values;

  Evicted(core::SplitMix64& random, int count) {
    for (int i = 0; i < count; ++i) {
      keys.push_back(random_vector(random, kHeads * kWidth));
      values.push_back(random_vector(random, kHeads * kWidth));
    }
  }
  void add_to(TailSummary& summary) const {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      summary.add({.key = keys[i], .value = values[i], .score = 1.0F});
    }
  }
  [[nodiscard]] double weight(std::size_t i, int head, const std::vector<float>& query) const {
    double dot = 0;
    for (std::size_t d = 0; d < kWidth; ++d) {
      dot += query[d] * keys[i][static_cast<std::size_t>(head) * kWidth + d];
    }
    return std::exp(kScale * dot);
  }
  /// ln Σ e^s.
  [[nodiscard]] double log_sum(int head, const std::vector<float>& query) const {
    double sum = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) sum += weight(i, head, query);
    return std::log(sum);
  }
};

std::unique_ptr<TailSummary> make(std::string_view name, int clusters = 4) {
  return aggregate_kinds().at(name).make(
      {.heads = kHeads, .head_width = kWidth, .clusters = clusters, .seed = 3});
}

TailQuery query_of(const std::vector<float>& query, int head) {
  return {
      .head = head, .query = query, .scale = kScale, .stored_log_sum = 1.0, .historic_share = 0.25};
}

TEST(EveryTailSummary, WeighsNothingBeforeAnythingWasAdded) {
  for (const AggregateKind& kind : aggregate_kinds()) {
    core::SplitMix64 random(1);
    const auto summary = make(kind.name);
    std::vector<float> mean(kWidth, 7.0F);
    const auto query = random_vector(random, kWidth);
    EXPECT_EQ(summary->read(query_of(query, 0), mean), -INFINITY) << kind.name;
    EXPECT_GT(summary->bytes(), 0U) << kind.name;
  }
}

TEST(EveryTailSummary, LeavesItsCloneAlone) {
  for (const AggregateKind& kind : aggregate_kinds()) {
    core::SplitMix64 random(2);
    const auto summary = make(kind.name);
    Evicted(random, 20).add_to(*summary);
    const auto clone = summary->clone();
    const auto query = random_vector(random, kWidth);
    std::vector<float> mean(kWidth);
    std::vector<float> mean_of_clone(kWidth);
    const double before = summary->read(query_of(query, 1), mean);
    Evicted(random, 20).add_to(*summary);
    EXPECT_EQ(clone->read(query_of(query, 1), mean_of_clone), before) << kind.name;
    EXPECT_EQ(mean_of_clone, mean) << kind.name;
  }
}

TEST(EveryTailSummary, HasAMeanThatLiesAmongTheValues) {
  for (const AggregateKind& kind : aggregate_kinds()) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      core::SplitMix64 random(seed);
      const auto summary = make(kind.name);
      Evicted(random, 30).add_to(*summary);
      std::vector<float> mean(kWidth);
      (void)summary->read(query_of(random_vector(random, kWidth), 0), mean);
      for (const float x : mean) EXPECT_LE(std::abs(x), 1.0F + 1e-5F) << kind.name;
    }
  }
}

TEST(MassTail, TakesTheShareThatTheSketchSays) {
  core::SplitMix64 random(4);
  const auto summary = make("mass");
  Evicted(random, 5).add_to(*summary);
  std::vector<float> mean(kWidth);
  const auto query = random_vector(random, kWidth);
  // 0.25 / 0.75 of a stored sum of e.
  EXPECT_NEAR(summary->read(query_of(query, 0), mean), std::log(1.0 / 3) + 1.0, 1e-6);
}

TEST(TailSummary, IsExactWhereASinglePositionLeft) {
  for (const std::string_view name : {"centroid", "gaussian", "clusters"}) {
    core::SplitMix64 random(5);
    const Evicted evicted(random, 1);
    const auto summary = make(name);
    evicted.add_to(*summary);
    const auto query = random_vector(random, kWidth);
    std::vector<float> mean(kWidth);
    EXPECT_NEAR(summary->read(query_of(query, 1), mean), evicted.log_sum(1, query), 1e-6) << name;
    for (std::size_t d = 0; d < kWidth; ++d) EXPECT_EQ(mean[d], evicted.values[0][kWidth + d]);
  }
}

TEST(CentroidTail, NeverWeighsMoreThanTheTail) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    core::SplitMix64 random(seed);
    const Evicted evicted(random, 2 + static_cast<int>(seed));
    const auto summary = make("centroid");
    evicted.add_to(*summary);
    const auto query = random_vector(random, kWidth);
    std::vector<float> mean(kWidth);
    EXPECT_LE(summary->read(query_of(query, 0), mean), evicted.log_sum(0, query) + 1e-6);
  }
}

TEST(ClusterTail, IsExactWithAClusterForEveryPosition) {
  core::SplitMix64 random(6);
  const Evicted evicted(random, 12);
  const auto summary = make("clusters", 12);
  evicted.add_to(*summary);
  const auto query = random_vector(random, kWidth);
  std::vector<float> mean(kWidth);
  const double log_sum = summary->read(query_of(query, 1), mean);
  EXPECT_NEAR(log_sum, evicted.log_sum(1, query), 1e-6);
  for (std::size_t d = 0; d < kWidth; ++d) {
    double expected = 0;
    for (std::size_t i = 0; i < 12; ++i) {
      expected += evicted.weight(i, 1, query) / std::exp(log_sum) * evicted.values[i][kWidth + d];
    }
    EXPECT_NEAR(mean[d], expected, 1e-6);
  }
}

TEST(GaussianTail, EstimatesTheSumOfNormallyDistributedKeys) {
  core::SplitMix64 random(7);
  Evicted evicted(random, 4000);
  for (auto& key : evicted.keys) {
    for (float& x : key) {
      double sum = -6;
      for (int i = 0; i < 12; ++i) sum += random.uniform();
      x = static_cast<float>(sum);
    }
  }
  const auto summary = make("gaussian");
  evicted.add_to(*summary);
  const auto query = random_vector(random, kWidth);
  std::vector<float> mean(kWidth);
  EXPECT_NEAR(summary->read(query_of(query, 0), mean), evicted.log_sum(0, query), 0.03);
  const auto centroid = make("centroid");
  evicted.add_to(*centroid);
  EXPECT_LT(centroid->read(query_of(query, 0), mean), evicted.log_sum(0, query) - 0.05);
}

TEST(AggregateKind, RefusesANameItDoesNotKnow) {
  EXPECT_THROW(static_cast<void>(aggregate_kinds().at("average")), core::UsageError);
}

}  // namespace
}  // namespace sketchscope::read
