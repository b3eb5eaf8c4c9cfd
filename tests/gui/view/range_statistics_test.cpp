#include "gui/view/range_statistics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/core/random.hpp"
#include "gui/plot/value_format.hpp"
#include "tests/support/invented_run.hpp"

namespace sketchscope::view {
namespace {

using ::testing::Contains;

TEST(StepsIn, AreTheWholeStepsOfARangeOfTheAxis) {
  EXPECT_EQ(steps_in({2.4, 7.9}, 100).first, 3);
  EXPECT_EQ(steps_in({2.4, 7.9}, 100).last, 7);
  EXPECT_EQ(steps_in({-3, 500}, 100).last, 99);
  EXPECT_EQ(steps_in({0, 10}, 0).size(), 0);
  EXPECT_EQ(steps_in({4.2, 4.8}, 100).size(), 1) << "the nearest one where none is whole";
}

TEST(Statistics, AreThoseOfTheMeasuredValuesOfTheRangeAlone) {
  core::SplitMix64 random(7);
  for (int trial = 0; trial < 200; ++trial) {
    StepSeries values(1 + random.below(60));
    for (double& value : values) {
      value = random.below(5) == 0 ? plot::kMissing : static_cast<double>(random.below(100)) / 7;
    }
    const auto first = static_cast<std::int64_t>(random.below(values.size()));
    const auto last = first + static_cast<std::int64_t>(
                                  random.below(values.size() - static_cast<std::size_t>(first)));
    std::vector<double> kept;
    for (std::int64_t step = first; step <= last; ++step) {
      const double value = values[static_cast<std::size_t>(step)];
      if (!std::isnan(value)) kept.push_back(value);
    }
    const Statistics found = statistics_of(values, {first, last});
    ASSERT_EQ(found.count, kept.size());
    if (kept.empty()) continue;
    EXPECT_EQ(found.most, std::ranges::max(kept));
    EXPECT_EQ(found.least, std::ranges::min(kept));
    EXPECT_EQ(values[static_cast<std::size_t>(found.step_of_most)], found.most);
    double sum = 0;
    for (const double value : kept) sum += value;
    EXPECT_NEAR(found.mean, sum / static_cast<double>(kept.size()), 1e-12);
    // At least the share of the values lies at or below a percentile, and fewer below it.
    for (const auto& [value, share] : {std::pair{found.median, 0.5}, {found.p95, 0.95}}) {
      const auto needed = share * static_cast<double>(kept.size());
      EXPECT_GE(static_cast<double>(
                    std::ranges::count_if(kept, [&](double one) { return one <= value; })),
                needed);
      EXPECT_LT(
          static_cast<double>(std::ranges::count_if(kept, [&](double one) { return one < value; })),
          needed);
    }
  }
}

TEST(Departures, AreTheEvictionsOfTheRange) {
  test::InventedRun run({.layers = 3});
  History history;
  for (int step = 0; step < 200; ++step) {
    if (step == 150) run.set("max_cache_size", "64");
    history.append(run.step());
  }
  const Departures found = departures_in(history, {140, 160});
  std::int64_t evictions = 0;
  std::set<int> positions;
  for (std::int64_t step = 140; step <= 160; ++step) {
    for (const auto& eviction : history.at(step)->evictions) {
      ++evictions;
      positions.insert(eviction.position);
    }
  }
  EXPECT_EQ(found.evictions, evictions);
  EXPECT_EQ(found.positions, std::vector<int>(positions.begin(), positions.end()));
  std::int64_t by_reason = 0;
  for (const auto& reason : found.reasons) by_reason += reason.evictions;
  EXPECT_EQ(by_reason, evictions);
  ASSERT_GE(found.reasons.size(), 2U);
  EXPECT_EQ(found.reasons.front().reason, record::EvictionReason::capacity_lowered);
  EXPECT_EQ(departures_in(history, {0, -1}).evictions, 0);
}

TEST(MovingStatistics, AreThoseOfTheStepsWhereverTheyMove) {
  core::SplitMix64 random(9);
  StepSeries values;
  MovingStatistics moving;
  StepSpan steps{0, -1};
  for (int round = 0; round < 2000; ++round) {
    const auto more = random.below(30) == 0 ? 40U : 1U;
    for (std::size_t i = 0; i < more; ++i) {
      values.push_back(random.below(5) == 0 ? plot::kMissing
                                            : static_cast<double>(random.below(50)) / 7);
    }
    const auto newest = static_cast<std::int64_t>(values.size()) - 1;
    if (random.below(40) == 0) {
      steps.first = static_cast<std::int64_t>(random.below(values.size()));
    } else {
      steps.first = std::min(steps.first + static_cast<std::int64_t>(random.below(3)), newest);
    }
    steps.last = newest;
    const Statistics found = moving.of(values, steps, 1);
    const Statistics expected = statistics_of(values, steps);
    ASSERT_EQ(found.count, expected.count) << round;
    EXPECT_EQ(is_measured(values, steps), expected.count > 0);
    if (expected.count == 0) continue;
    EXPECT_EQ(found.sum, expected.sum);
    EXPECT_EQ(found.median, expected.median);
    EXPECT_EQ(found.p95, expected.p95);
    EXPECT_EQ(found.least, expected.least);
    EXPECT_EQ(found.step_of_most, expected.step_of_most);
  }
}

TEST(MovingStatistics, ReadReplacedValuesAnew) {
  StepSeries values = {1, 2, 3, 4};
  MovingStatistics moving;
  EXPECT_EQ(moving.of(values, {0, 3}, 1).most, 4);
  values = {9, 2, 3, 4};
  EXPECT_EQ(moving.of(values, {0, 3}, 2).most, 9);
}

TEST(MovingDepartures, AreThoseOfTheStepsWhereverTheyMove) {
  test::InventedRun run({.layers = 3});
  core::SplitMix64 random(11);
  History history;
  MovingDepartures moving;
  StepSpan steps{0, -1};
  for (int step = 0; step < 240; ++step) {
    if (step == 150) run.set("max_cache_size", "64");
    history.append(run.step());
    steps.first = random.below(25) == 0 ? static_cast<std::int64_t>(random.below(history.size()))
                                        : steps.first + step % 2;
    steps.first = std::min<std::int64_t>(steps.first, step);
    steps.last = step;
    const Departures found = moving.of(history, steps);
    const Departures expected = departures_in(history, steps);
    EXPECT_EQ(found.evictions, expected.evictions);
    EXPECT_EQ(found.degenerate, expected.degenerate);
    EXPECT_EQ(found.by_layer, expected.by_layer);
    EXPECT_EQ(found.positions, expected.positions);
    ASSERT_EQ(found.reasons.size(), expected.reasons.size());
    for (std::size_t i = 0; i < found.reasons.size(); ++i) {
      EXPECT_EQ(found.reasons[i].reason, expected.reasons[i].reason);
      EXPECT_EQ(found.reasons[i].evictions, expected.reasons[i].evictions);
    }
  }
}

TEST(GrowingPerplexity, IsThatOfTheStepsWhereverTheyEnd) {
  core::SplitMix64 random(5);
  test::InventedRun run({.layers = 2});
  History history;
  GrowingPerplexity growing;
  StepSpan steps{0, -1};
  for (int step = 0; step < 200; ++step) {
    auto record = std::make_shared<record::StepRecord>(*run.step());
    const bool given = step >= 60 && random.below(3) == 0;
    record->prompt_tokens = given ? 1 : 0;
    if (random.below(4) == 0) record->token_probability.reset();
    if (random.below(4) == 0) record->twin_token_probability.reset();
    history.append(std::move(record));
    if (random.below(20) == 0) steps.first = static_cast<std::int64_t>(random.below(step + 1));
    steps.last = random.below(10) == 0 ? steps.last : step;
    const RangePerplexity found = growing.of(history, steps);
    GrowingPerplexity anew;
    const RangePerplexity expected = anew.of(history, steps);
    ASSERT_EQ(found.tokens, expected.tokens) << step;
    ASSERT_EQ(found.given, expected.given);
    ASSERT_EQ(found.lane, expected.lane) << "bit for bit";
    ASSERT_EQ(found.twin, expected.twin);
  }
}

TEST(RangePerplexity, IsThatOfTheGivenTokensWhereAnyWereGiven) {
  History history;
  for (int step = 0; step < 40; ++step) {
    auto record = std::make_shared<record::StepRecord>();
    record->step = step;
    record->position = step;
    record->tokens = {1};
    record->prompt_tokens = step < 20 ? 1 : 0;
    if (step > 0) record->token_probability = step < 20 ? 0.25 : 0.5;
    record->layers.resize(1);
    history.append(std::move(record));
  }
  const RangePerplexity both = perplexity_in(history, {0, 39});
  EXPECT_TRUE(both.given);
  EXPECT_EQ(both.tokens, 19);
  EXPECT_DOUBLE_EQ(*both.lane, 4);
  EXPECT_FALSE(both.twin);
  const RangePerplexity drawn = perplexity_in(history, {25, 39});
  EXPECT_FALSE(drawn.given);
  EXPECT_DOUBLE_EQ(*drawn.lane, 2);
}

TEST(RangeData, HasARowForEverySeriesThatWasMeasured) {
  test::InventedRun run({.layers = 2});
  History history;
  for (int step = 0; step < 50; ++step) history.append(run.step());
  const DataTable table = range_data(history, {10, 20});
  std::vector<std::string> names;
  for (const auto& row : table.rows) {
    names.push_back(row.front());
    EXPECT_EQ(row.size(), table.columns.size());
    EXPECT_EQ(row[1], "10");
  }
  for (const char* name : {"logit_kl", "total_ms", "memory.kv_stored", "layer.1.retained_mass"}) {
    EXPECT_THAT(names, Contains(name));
  }
}

}  // namespace
}  // namespace sketchscope::view
