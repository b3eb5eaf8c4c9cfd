#include "engine/cache/query_moments.hpp"

#include <gtest/gtest.h>

#include "engine/core/random.hpp"

namespace sketchscope::cache {
namespace {

constexpr int kAskingHeads = 3;
constexpr int kQueryWidth = 5;

// Shifted well away from zero, where sums of squares would lose digits.
std::vector<std::vector<float>> random_queries(int count) {
  core::SplitMix64 random(4);
  std::vector<std::vector<float>> queries(static_cast<std::size_t>(count));
  for (auto& query : queries) {
    for (int i = 0; i < kAskingHeads * kQueryWidth; ++i) {
      query.push_back(static_cast<float>(10 + i + random.uniform()));
    }
  }
  return queries;
}

TEST(QueryMoments, AreMeanAndCovarianceOfEachHeadsQueries) {
  const auto queries = random_queries(60);
  QueryMoments moments(kAskingHeads, kQueryWidth);
  for (const auto& query : queries) moments.observe(query);
  std::vector<float> covariance(kQueryWidth * kQueryWidth);
  for (int head = 0; head < kAskingHeads; ++head) {
    const auto number = [&](std::size_t query, int at) {
      return double{queries[query][static_cast<std::size_t>(head * kQueryWidth + at)]};
    };
    std::vector<double> mean(kQueryWidth);
    for (std::size_t query = 0; query < queries.size(); ++query) {
      for (int at = 0; at < kQueryWidth; ++at)
        mean[static_cast<std::size_t>(at)] += number(query, at) / 60;
    }
    moments.write_covariance(head, covariance);
    for (int row = 0; row < kQueryWidth; ++row) {
      EXPECT_NEAR(moments.mean(head)[static_cast<std::size_t>(row)],
                  mean[static_cast<std::size_t>(row)], 1e-4);
      for (int column = 0; column < kQueryWidth; ++column) {
        double expected = 0;
        for (std::size_t query = 0; query < queries.size(); ++query) {
          expected += (number(query, row) - mean[static_cast<std::size_t>(row)]) *
                      (number(query, column) - mean[static_cast<std::size_t>(column)]) / 60;
        }
        EXPECT_NEAR(covariance[static_cast<std::size_t>(row * kQueryWidth + column)], expected,
                    1e-5);
      }
    }
  }
}

TEST(QueryMoments, AreZeroBeforeAnyQuery) {
  const QueryMoments moments(1, 2);
  std::vector<float> covariance(4, 7.0F);
  moments.write_covariance(0, covariance);
  EXPECT_EQ(covariance, std::vector<float>(4));
  EXPECT_EQ(moments.mean(0)[0], 0.0F);
}

TEST(QueryMoments, TakeFourBytesForEveryMeanAndProduct) {
  EXPECT_EQ(QueryMoments(3, 5).bytes(), 4U * 3 * (5 + 15));
  EXPECT_EQ(QueryMoments().bytes(), 0U);
}

}  // namespace
}  // namespace sketchscope::cache
