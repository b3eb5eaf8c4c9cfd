#include "gui/view/running_comparison.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/random.hpp"
#include "tests/support/invented_run.hpp"

namespace sketchscope::view {
namespace {

History invented_history(test::InventedRunOptions options, int steps) {
  test::InventedRun run(options);
  History history;
  for (int step = 0; step < steps; ++step) history.append(run.step());
  return history;
}

std::vector<ComparedFigure> figures_of(const History& a, const History& b) {
  return comparison_of(a, b).figures(a, b);
}

TEST(ComparedFigures, LookAtBothRunsAtTheSamePosition) {
  const History longer = invented_history({.seed = 1}, 90);
  const History shorter = invented_history({.seed = 1}, 50);
  for (const ComparedFigure& figure : figures_of(longer, shorter)) {
    EXPECT_EQ(figure.a, figure.b) << figure.name;
  }
  EXPECT_EQ(figures_of(longer, shorter).size(), 6U);
  EXPECT_TRUE(figures_of(longer, History()).empty());
}

TEST(FirstOtherVictims, IsWhereOneRunEvictsWhatTheOtherKeeps) {
  const History a = invented_history({.seed = 1}, 200);
  EXPECT_EQ(comparison_of(a, invented_history({.seed = 1}, 150)).first_other_victims(),
            std::nullopt);
  test::InventedRun lower({.seed = 1});
  History b;
  for (int step = 0; step < 200; ++step) {
    if (step == 160) lower.set("max_cache_size", "64");
    b.append(lower.step());
  }
  const auto position = comparison_of(a, b).first_other_victims();
  ASSERT_TRUE(position);
  EXPECT_EQ(*position, b.at(160)->position) << "the step at which the surplus left";
}

ComparedFigure perplexity(const std::vector<ComparedFigure>& figures) {
  return *std::ranges::find(figures, "perplexity", &ComparedFigure::name);
}

/// A run that was given its tokens one by one, each with this probability under the lane.
History given_run(double probability, int steps) {
  History history;
  for (int step = 0; step < steps; ++step) {
    auto record = std::make_shared<record::StepRecord>();
    record->step = step;
    record->position = step;
    record->tokens = {step % 7};
    record->prompt_tokens = 1;
    if (step > 0) record->token_probability = probability;
    record->layers.resize(1);
    history.append(std::move(record));
  }
  return history;
}

TEST(ComparedFigures, CompareThePerplexitiesOfGivenTokensAlone) {
  const auto given = perplexity(figures_of(given_run(0.5, 30), given_run(0.25, 20)));
  EXPECT_EQ(given.apart, "");
  EXPECT_DOUBLE_EQ(given.a, 2);
  EXPECT_DOUBLE_EQ(given.b, 4);
  const auto drawn =
      perplexity(figures_of(invented_history({.seed = 1}, 60), invented_history({.seed = 1}, 60)));
  EXPECT_EQ(drawn.apart, "drawn by A");
}

TEST(ComparedFigures, DoNotCompareThePerplexitiesOfTwoTexts) {
  const History a = invented_history({.seed = 1}, 60);
  const auto own = figures_of(a, invented_history({.seed = 2}, 60));
  EXPECT_EQ(perplexity(own).apart, "own texts");
  EXPECT_EQ(difference_text(perplexity(own)), "own texts");
  EXPECT_EQ(std::ranges::count(own, "own texts", &ComparedFigure::apart), 1);
}

TEST(DifferenceSeries, IsThatOfEachPositionBothHaveReached) {
  const History a = invented_history({.seed = 1}, 60);
  const History b = invented_history({.seed = 2}, 40);
  const RunningComparison comparison = comparison_of(a, b);
  const DifferenceSeries& series = comparison.series();
  ASSERT_EQ(series.steps.size(), 40U);
  const StepSeries& of_a = a.series<&record::StepRecord::logit_kl>();
  const StepSeries& of_b = b.series<&record::StepRecord::logit_kl>();
  for (std::size_t step = 0; step < 40; ++step) {
    EXPECT_DOUBLE_EQ(series.logit_kl[step], of_a[step] - of_b[step]);
  }
  const RunningComparison same = comparison_of(a, a);
  for (const double difference : same.series().retained_mass) EXPECT_EQ(difference, 0);
  EXPECT_TRUE(comparison_of(a, History()).series().steps.empty());
}

void expect_equal(const StepSeries& one, const StepSeries& other) {
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t step = 0; step < one.size(); ++step) {
    EXPECT_TRUE(one[step] == other[step] || (std::isnan(one[step]) && std::isnan(other[step])));
  }
}

/// Expects a comparison that followed two runs to equal one that reads them at once.
void expect_equal(const RunningComparison& following, const History& a, const History& b) {
  const RunningComparison made = comparison_of(a, b);
  EXPECT_EQ(following.first_divergence(), made.first_divergence());
  EXPECT_EQ(following.first_other_victims(), made.first_other_victims());
  expect_equal(following.series().steps, made.series().steps);
  expect_equal(following.series().logit_kl, made.series().logit_kl);
  expect_equal(following.series().retained_mass, made.series().retained_mass);
  const auto found = following.figures(a, b), expected = made.figures(a, b);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].format(found[i].a), expected[i].format(expected[i].a)) << found[i].name;
    EXPECT_EQ(found[i].format(found[i].b), expected[i].format(expected[i].b)) << found[i].name;
    EXPECT_EQ(found[i].apart, expected[i].apart);
  }
}

/// Returns the mean of a figure over the records up to and including `position`, by a plain loop.
double mean_up_to(const History& history, int position,
                  const std::function<std::optional<double>(const record::StepRecord&)>& figure) {
  double sum = 0;
  int count = 0;
  for (const record::RecordPointer& record : history.records()) {
    if (record->position > position) break;
    const std::optional<double> value = figure(*record);
    if (!value) continue;
    sum += *value;
    ++count;
  }
  return sum / count;
}

double mean_mass(const record::StepRecord& record) {
  double sum = 0;
  for (const record::LayerRecord& layer : record.layers) sum += *layer.retained_mass;
  return sum / static_cast<double>(record.layers.size());
}

TEST(ComparedFigures, EqualPlainMeansOverTheRecords) {
  const History a = invented_history({.seed = 1}, 260), b = invented_history({.seed = 2}, 220);
  const auto figures = figures_of(a, b);
  const auto figure = [&](std::string_view name) {
    return *std::ranges::find(figures, name, &ComparedFigure::name);
  };
  const int last = b.records().back()->position;
  const auto expect_mean = [&](std::string_view name, const auto& of) {
    EXPECT_NEAR(figure(name).a, mean_up_to(a, last, of), 1e-12) << name;
    EXPECT_NEAR(figure(name).b, mean_up_to(b, last, of), 1e-12) << name;
    EXPECT_NE(figure(name).a, figure(name).b) << name;
  };
  expect_mean("next-token KL, mean", [](const auto& record) { return record.logit_kl; });
  expect_mean("retained mass, mean",
              [](const auto& record) { return std::optional(mean_mass(record)); });
  std::size_t evictions = 0;
  for (const auto& record : b.records()) evictions += record->evictions.size();
  EXPECT_EQ(figure("evictions").b, static_cast<double>(evictions));
  const RunningComparison comparison = comparison_of(a, b);
  for (std::size_t step = 0; step < 220; ++step) {
    EXPECT_NEAR(comparison.series().retained_mass[step],
                mean_mass(*a.records()[step]) - mean_mass(*b.records()[step]), 1e-12);
  }
}

TEST(SameVictims, AreThoseOfTheSamePositionsInAnyOrder) {
  const auto evicted = [](std::vector<std::pair<int, int>> layers_and_positions) {
    record::StepRecord record;
    for (const auto& [layer, position] : layers_and_positions) {
      record.evictions.push_back({.layer = layer, .position = position});
    }
    return record;
  };
  EXPECT_TRUE(same_victims(evicted({{0, 4}, {0, 7}, {1, 2}}), evicted({{1, 2}, {0, 7}, {0, 4}})));
  EXPECT_FALSE(same_victims(evicted({{0, 4}, {0, 7}}), evicted({{0, 4}, {1, 7}})));
  EXPECT_FALSE(same_victims(evicted({{0, 4}}), evicted({{0, 4}, {0, 4}})));
}

TEST(RunningComparison, ThatFollowsTwoRunsEqualsOneThatIsMadeAtOnce) {
  core::SplitMix64 random(4);
  for (const std::uint64_t seed_of_b : {1, 2}) {
    test::InventedRun one({.seed = 1});
    test::InventedRun other({.seed = seed_of_b});
    History a, b;
    RunningComparison following;
    for (int round = 0; round < 60; ++round) {
      for (std::uint64_t step = random.below(7); step > 0; --step) a.append(one.step());
      if (round == 30 && seed_of_b == 1) other.set("max_cache_size", "64");
      for (std::uint64_t step = random.below(7); step > 0; --step) b.append(other.step());
      following.follow(a, b);
      expect_equal(following, a, b);
    }
  }
}

TEST(RunningComparison, StartsOverWhereARunIsAnotherOne) {
  const History a = invented_history({.seed = 1}, 80), b = invented_history({.seed = 2}, 70);
  const History c = invented_history({.seed = 3}, 90);
  RunningComparison following;
  following.follow(a, b);
  following.follow(b, a);
  expect_equal(following, b, a);
  following.follow(b, c);
  expect_equal(following, b, c);
  History replaced = invented_history({.seed = 1}, 50);
  following.follow(replaced, b);
  replaced.clear();
  test::InventedRun again({.seed = 5});
  for (int step = 0; step < 60; ++step) replaced.append(again.step());
  following.follow(replaced, b);
  expect_equal(following, replaced, b);
}

}  // namespace
}  // namespace sketchscope::view
