#include "engine/schedule/run_totals.hpp"

#include <gmock/gmock.h>

namespace sketchscope::schedule {
namespace {

using ::testing::Optional;

TEST(Percentile, IsTheNearestRank) {
  EXPECT_THAT(percentile({4, 1, 3, 2}, 0.5), Optional(2.0));
  EXPECT_THAT(percentile({4, 1, 3, 2}, 0.99), Optional(4.0));
  EXPECT_THAT(percentile({7}, 0.0), Optional(7.0));
  EXPECT_EQ(percentile({}, 0.5), std::nullopt);
}

TEST(RunTotals, SayNothingOfWhatWasNotMeasured) {
  const RunTotals totals;
  EXPECT_EQ(totals.figure<&record::LayerRecord::retained_mass>(), std::nullopt);
  EXPECT_EQ(totals.figure<&record::StepRecord::logit_kl>(), std::nullopt);
  EXPECT_EQ(totals.pass_ms(0.5), std::nullopt);
  EXPECT_EQ(totals.tokens_per_second(), std::nullopt);
  EXPECT_EQ(totals.policy_share(), std::nullopt);
  EXPECT_EQ(totals.evictions(), 0);
}

TEST(RunTotals, LeaveThePromptOutOfTheSpeedOfGeneration) {
  RunTotals totals;
  totals.add_record(
      {.tokens = std::vector<int>(500), .prompt_tokens = 500, .times = {.total_ms = 90}});
  EXPECT_EQ(totals.tokens_per_second(), std::nullopt);
  totals.add_record({.tokens = {1}, .times = {.total_ms = 4, .policy_ms = 1}});
  totals.add_record({.tokens = {2}, .times = {.total_ms = 6, .policy_ms = 1}});
  EXPECT_THAT(totals.tokens_per_second(), Optional(200.0));
  EXPECT_EQ(totals.passes(), 3);
  EXPECT_THAT(totals.policy_share(), Optional(0.02));
}

TEST(RunTotals, AreMeansOfTheStepsInWhichAFigureWasMeasured) {
  RunTotals totals;
  totals.add_record({.logit_kl = 0.5,
                     .top1_agrees = true,
                     .layers = {{.capacity = 8, .retained_mass = 0.5}, {.retained_mass = 1.0}}});
  totals.add_record({.layers = {{.capacity = 16}, {}}});
  EXPECT_THAT(totals.figure<&record::StepRecord::logit_kl>(), Optional(0.5));
  EXPECT_THAT(totals.figure<&record::StepRecord::top1_agrees>(), Optional(1.0));
  EXPECT_THAT(totals.figure<&record::LayerRecord::retained_mass>(), Optional(0.75));
  EXPECT_THAT(totals.figure<&record::LayerRecord::capacity>(), Optional(12.0));
  EXPECT_EQ(totals.figure<&record::LayerRecord::attention_kl>(), std::nullopt);
  EXPECT_EQ(totals.figure<&record::LayerRecord::regret>(), std::nullopt)
      << "known when a lane has ended";
}

TEST(RunTotals, NameTheirFiguresAsResultsDo) {
  std::vector<std::string_view> names;
  for (const NamedFigure& figure : RunTotals().figures()) names.push_back(figure.figure.name);
  EXPECT_THAT(names, ::testing::UnorderedElementsAre(
                         "retained_mass", "attention_kl", "attention_tv", "output_error", "regret",
                         "mean_capacity", "global_eviction_ratio", "logit_kl", "top1_agreement"));
}

TEST(RunTotals, KeepTheLargestOfEachKindOfMemory) {
  RunTotals totals;
  totals.add_memory({.kv_stored = 100, .sketch = 3});
  totals.add_memory({.kv_stored = 40, .sketch = 8});
  EXPECT_EQ(totals.memory_peak().kv_stored, 100);
  EXPECT_EQ(totals.memory_peak().sketch, 8);
}

TEST(RunTotals, CountEvictionsAndThoseWithoutAChoice) {
  RunTotals totals;
  const std::vector<record::EvictionRecord> evictions = {{.degenerate = true}, {}, {}};
  totals.add_evictions(evictions);
  EXPECT_EQ(totals.evictions(), 3);
  EXPECT_EQ(totals.degenerate_evictions(), 1);
}

TEST(RunTotals, TellRunsApartThatEvictedOtherTokens) {
  const std::vector<record::EvictionRecord> some = {{.layer = 1, .position = 5, .token = 9},
                                                    {.layer = 0, .position = 7, .token = 3}};
  const std::vector<record::EvictionRecord> turned(some.rbegin(), some.rend());
  const auto totals_of = [](const std::vector<record::EvictionRecord>& evictions) {
    RunTotals totals;
    totals.add_evictions(evictions);
    return totals;
  };
  EXPECT_TRUE(evicted_alike(totals_of(some), totals_of(turned)));
  EXPECT_FALSE(evicted_alike(totals_of({}), totals_of({})));  // there is nothing to be like
  for (const record::EvictionRecord& other :
       {record::EvictionRecord{.layer = 0, .position = 7, .token = 4},
        record::EvictionRecord{.layer = 1, .position = 7, .token = 3},
        record::EvictionRecord{.layer = 0, .position = 8, .token = 3}}) {
    EXPECT_FALSE(evicted_alike(totals_of(some), totals_of({some.front(), other})));
  }
}

TEST(RunTotals, BoundWhatAnEndlessRunTakesForItsPercentiles) {
  PassTotals passes;
  const std::size_t count = 5 * PassTotals::kMostTimes;
  for (std::size_t at = 0; at < count; ++at) {
    passes.add({.total_ms = static_cast<double>(at % 1000)}, 1);
  }
  EXPECT_LE(passes.pass_ms.size(), PassTotals::kMostTimes);
  EXPECT_EQ(passes.passes, count);
  EXPECT_NEAR(*percentile(passes.pass_ms, 0.5), 500, 10);
  EXPECT_NEAR(*percentile(passes.pass_ms, 0.99), 990, 10);
}

}  // namespace
}  // namespace sketchscope::schedule
