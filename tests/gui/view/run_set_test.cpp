#include "gui/view/run_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/core/random.hpp"
#include "tests/support/invented_run.hpp"

namespace sketchscope::view {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

History history_of(const test::InventedRunOptions& options, int steps) {
  test::InventedRun run(options);
  History history;
  for (int step = 0; step < steps; ++step) history.append(run.step());
  return history;
}

/// Three runs: B has other knobs, C the seeds of another draw alone.
class ThreeRuns : public ::testing::Test {
 protected:
  ThreeRuns() {
    settings::Knobs other = front_.knobs;
    other.max_cache_size = 64;
    settings::Knobs seeds = other;
    seeds.seed += 1;
    seeds.sketch_seed += 1;
    set_.runs = {{.place = 0, .name = "A", .history = &a_, .knobs = front_.knobs},
                 {.place = 1, .name = "B", .history = &b_, .knobs = other},
                 {.place = 4, .name = "E", .history = &e_, .knobs = seeds}};
  }

  static const StepSeries& kl(const History& history) {
    return history.series<&record::StepRecord::logit_kl>();
  }

  test::InventedRunOptions front_;
  History a_ = history_of(front_, 100);
  History b_ = history_of({.seed = 2}, 100);
  History e_ = history_of({.seed = 3}, 60);
  RunSet set_;
};

TEST_F(ThreeRuns, HaveACurveEachByTheStepsOfA) {
  const auto curves = run_curves(set_, 0);
  ASSERT_THAT(curves, SizeIs(3));
  EXPECT_EQ(curves[0].name, "A");
  EXPECT_EQ(curves[2].name, "E");
  EXPECT_EQ(curves[2].place, 4U);
  for (const RunCurve& curve : curves) ASSERT_THAT(curve.values, SizeIs(100));
  for (std::size_t step = 0; step < 100; ++step) {
    EXPECT_EQ(curves[0].values[step], kl(a_)[step]);
    EXPECT_EQ(curves[1].values[step], kl(b_)[step]);
    if (step < 60) {
      EXPECT_EQ(curves[2].values[step], kl(e_)[step]);
    } else {
      EXPECT_TRUE(std::isnan(curves[2].values[step])) << "it has not come there";
    }
  }
}

TEST_F(ThreeRuns, AreShownLessTheOneThatWasChosen) {
  set_.choice.difference = true;
  set_.choice.reference = 1;
  const auto curves = run_curves(set_, 0);
  for (std::size_t step = 0; step < 60; ++step) {
    EXPECT_DOUBLE_EQ(curves[0].values[step], kl(a_)[step] - kl(b_)[step]);
    EXPECT_DOUBLE_EQ(curves[1].values[step], 0);
    EXPECT_DOUBLE_EQ(curves[2].values[step], kl(e_)[step] - kl(b_)[step]);
  }
}

TEST_F(ThreeRuns, AreOneCurveWithABandWhereOnlySeedsDiffer) {
  set_.choice.by_seed = true;
  const auto curves = run_curves(set_, 0);
  ASSERT_THAT(curves, SizeIs(2));
  EXPECT_THAT(curves[0].low, IsEmpty()) << "A differs from both in its capacity";
  EXPECT_EQ(curves[1].name, "B, E");
  for (std::size_t step = 0; step < 100; ++step) {
    const double b = kl(b_)[step];
    const double e = step < 60 ? kl(e_)[step] : b;
    EXPECT_DOUBLE_EQ(curves[1].low[step], std::min(b, e));
    EXPECT_DOUBLE_EQ(curves[1].high[step], std::max(b, e));
    EXPECT_DOUBLE_EQ(curves[1].values[step], step < 60 ? (b + e) / 2 : b);
  }
}

TEST_F(ThreeRuns, AreLeftOutWhereHidden) {
  set_.choice.hidden[1] = true;
  const auto curves = run_curves(set_, 0);
  ASSERT_THAT(curves, SizeIs(2));
  EXPECT_EQ(curves[1].name, "E");
  set_.choice.reference = 1;
  set_.choice.difference = true;
  EXPECT_DOUBLE_EQ(run_curves(set_, 0)[0].values[7], kl(a_)[7] - kl(b_)[7])
      << "a hidden run may be the one that others are compared with";
}

TEST_F(ThreeRuns, HaveEveryFigureThatTheListOffers) {
  for (std::size_t index = 0; index < run_figure_kinds().size(); ++index) {
    set_.choice.figure = index;
    const auto curves = run_curves(set_, 2);
    ASSERT_THAT(curves, SizeIs(3)) << run_figure_kinds()[index].name;
    const bool given = run_figure_kinds()[index].name == "perplexity";
    EXPECT_EQ(std::ranges::any_of(curves[0].values, [](double v) { return std::isfinite(v); }),
              !given)
        << run_figure_kinds()[index].name << ": no token was given to these runs";
  }
  set_.choice.figure = 1;
  EXPECT_EQ(run_curves(set_, 2)[1].values[30],
            b_.layers()[2].series<&record::LayerRecord::attention_kl>()[30]);
}

TEST_F(ThreeRuns, AreATableWithBothEndsOfABand) {
  set_.choice.by_seed = true;
  const DataTable table = curves_data(set_, run_curves(set_, 0));
  EXPECT_THAT(table.columns, ElementsAre("step", "A", "B, E", "B, E min", "B, E max"));
  ASSERT_THAT(table.rows, SizeIs(100));
  EXPECT_EQ(table.rows[7][1], exact_text(kl(a_)[7]));
}

TEST(RunsOfDifferentPrompts, AreAlignedByThePositionsThatTheirStepsEndAt) {
  const History base = history_of({.prompt_tokens = 24}, 50);
  for (const int prompt : {1, 10, 24, 40}) {
    const History other = history_of({.prompt_tokens = prompt, .seed = 5}, 50);
    const StepSeries& values = other.series<&record::StepRecord::entropy>();
    const StepSeries on_steps = on_steps_of(base, other, values);
    const AlignedSeries series = aligned(base, other, values);
    int matched = 0;
    for (std::size_t step = 0; step < base.size(); ++step) {
      const int position = base.at(static_cast<std::int64_t>(step))->position;
      double expected = kNone;
      for (const auto& record : other.records()) {
        if (record->position == position) expected = record->entropy;
      }
      if (std::isnan(expected)) {
        EXPECT_TRUE(std::isnan(on_steps[step])) << prompt << " " << step;
        continue;
      }
      ++matched;
      EXPECT_EQ(on_steps[step], expected) << prompt << " " << step;
      const auto x = std::ranges::find(series.x, static_cast<double>(step));
      ASSERT_NE(x, series.x.end());
      EXPECT_EQ(series.y[static_cast<std::size_t>(x - series.x.begin())], expected);
    }
    EXPECT_GT(matched, 20);
  }
}

TEST(Smoothed, IsTheMeanOfTheLatestValuesThatWereMeasured) {
  core::SplitMix64 random(8);
  StepSeries values;
  for (int step = 0; step < 300; ++step) {
    values.push_back(random.below(5) == 0 ? kNone : random.uniform() * 1000);
  }
  for (const int steps : kSmoothings) {
    const StepSeries means = smoothed(values, steps);
    ASSERT_THAT(means, SizeIs(values.size()));
    for (std::size_t step = 0; step < values.size(); ++step) {
      if (std::isnan(values[step])) {
        EXPECT_TRUE(std::isnan(means[step])) << "a gap stays one";
        continue;
      }
      double sum = 0;
      int count = 0;
      for (std::size_t back = 0; back < static_cast<std::size_t>(steps) && back <= step; ++back) {
        if (std::isnan(values[step - back])) continue;
        sum += values[step - back];
        ++count;
      }
      EXPECT_NEAR(means[step], sum / count, 1e-9) << steps << " " << step;
    }
  }
}

TEST(RunDifferences, NameTheKnobsThatDiffer) {
  settings::Knobs front;
  settings::Knobs other = front;
  EXPECT_EQ(run_differences(other, front), "same knobs");
  other.policy = "window";
  other.max_cache_size = 64;
  EXPECT_EQ(run_differences(other, front), "policy window, max_cache_size 64");
}

}  // namespace
}  // namespace sketchscope::view
