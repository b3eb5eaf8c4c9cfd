#include "gui/view/step_costs.hpp"

#include <gmock/gmock.h>

#include <numeric>

#include "tests/support/invented_run.hpp"

namespace sketchscope::view {
namespace {

std::shared_ptr<record::StepRecord> timed(std::int64_t step, double ms, int tokens = 1) {
  auto record = std::make_shared<record::StepRecord>();
  record->step = step;
  record->position = static_cast<int>(step) + tokens - 1;
  record->tokens.assign(static_cast<std::size_t>(tokens), 1);
  record->times = {.total_ms = ms,
                   .linear_ms = ms * 0.5,
                   .attention_ms = ms * 0.2,
                   .policy_ms = ms * 0.15,
                   .audit_ms = ms * 0.1,
                   .record_ms = ms * 0.05};
  return record;
}

TEST(TimeParts, AddUpToTheWholeStep) {
  const auto parts = time_parts(timed(0, 8)->times);
  EXPECT_DOUBLE_EQ(std::accumulate(parts.begin(), parts.end(), 0.0), 8);
}

TEST(StackedTimes, LieOnTopOfEachOtherStepByStep) {
  History history;
  StackedTimes stacked;
  for (int step = 0; step < 5; ++step) {
    history.append(timed(step, step + 1));
    stacked.update(history);
  }
  for (std::size_t step = 0; step < 5; ++step) {
    double below = 0;
    for (std::size_t part = 0; part < kTimeParts.size(); ++part) {
      EXPECT_GE(stacked.up_to(part)[step], below);
      below = stacked.up_to(part)[step];
    }
    EXPECT_DOUBLE_EQ(below, history.series<&record::PhaseTimes::total_ms>()[step]);
  }
  history.clear();
  stacked.update(history);
  EXPECT_TRUE(stacked.up_to(0).empty()) << "another run begins anew";
}

TEST(StackedTimes, PutPublishingOnTopEvenWhereItIsKnownLaterThanTheStep) {
  History history;
  StackedTimes stacked;
  for (int step = 0; step < 3; ++step) history.append(timed(step, 2));
  stacked.update(history, std::vector<double>{0.5});
  const auto& whole = stacked.up_to(kTimeParts.size() - 1);
  EXPECT_THAT(whole, ::testing::ElementsAre(2.5, 2, 2));
  stacked.update(history, std::vector<double>{0.5, 0, 1, 9});
  EXPECT_THAT(whole, ::testing::ElementsAre(2.5, 2, 3));
}

TEST(TimesData, HasWhatPublishingTookAndLeavesOutWhatWasNotMeasured) {
  History history;
  for (int step = 0; step < 2; ++step) history.append(timed(step, 2));
  run::LiveState state;
  state.publish_ms = std::make_shared<const std::vector<double>>(std::vector{0.25});
  const DataTable table = times_data(history, state);
  EXPECT_EQ(table.columns.back(), "publish_ms");
  EXPECT_EQ(table.rows[0].back(), "0.25");
  EXPECT_EQ(table.rows[1].back(), "");
}

TEST(UsualMaximum, IsNotMovedByOneSlowStep) {
  std::vector<double> times(200, 1.0);
  times[77] = 500;
  EXPECT_EQ(usual_maximum(times), 1.0);
  times.assign(200, 3.0);
  EXPECT_EQ(usual_maximum(times), 3.0);
  EXPECT_EQ(usual_maximum({}), 0.0);
}

TEST(TokensPerSecond, AreThoseOfTheMedianStepWithoutThePrompt) {
  History history;
  history.append(timed(0, 900, 40));
  EXPECT_FALSE(tokens_per_second(history, 0, 10)) << "a prompt is not a token";
  for (int step = 1; step <= 9; ++step) history.append(timed(step, step == 4 ? 100 : 2));
  EXPECT_DOUBLE_EQ(tokens_per_second(history, 9, 10).value(), 500);
  EXPECT_DOUBLE_EQ(tokens_per_second(history, 4, 1).value(), 10) << "of this step alone";
}

using ::testing::ElementsAre;
using ::testing::SizeIs;

/// Returns a record with one table per layer that stores `stored` positions.
std::shared_ptr<record::StepRecord> record_of(std::int64_t step, const std::vector<int>& stored,
                                              std::optional<int> capacity) {
  auto record = std::make_shared<record::StepRecord>();
  record->step = step;
  record->position = static_cast<int>(step);
  record->tokens = {1};
  for (const int count : stored) {
    record::LayerRecord layer{.stored = count};
    layer.capacity = capacity;
    record->layers.push_back(layer);
  }
  return record;
}

TEST(StoredCurves, JoinsLayersThatWereEquallyFullAtEveryStep) {
  History history;
  history.append(record_of(0, {1, 1, 1, 1, 1}, 8));
  EXPECT_THAT(stored_curves(history), SizeIs(1));
  EXPECT_TRUE(stay_alike(stored_curves(history), history, 0));
  EXPECT_EQ(stored_curves(history)[0].name, "all layers");
  const auto one = stored_curves(history);
  history.append(record_of(1, {2, 2, 2, 3, 2}, 8));
  EXPECT_FALSE(stay_alike(one, history, 1)) << "layer 3 stores more";
  const auto curves = stored_curves(history);
  EXPECT_TRUE(stay_alike(curves, history, 0));
  ASSERT_THAT(curves, SizeIs(2));
  EXPECT_THAT(curves[0].layers, ElementsAre(0, 1, 2, 4));
  EXPECT_EQ(curves[0].name, "L0 to L2, L4");
  EXPECT_EQ(curves[1].name, "L3");
}

TEST(StoredCurves, TakesLayersWithoutACapAsAlike) {
  History history;
  history.append(record_of(0, {1, 1}, std::nullopt));
  EXPECT_THAT(stored_curves(history), SizeIs(1));
}

TEST(StoredCurves, GivesEveryLayerOfEveryStepAsNumbers) {
  History history;
  history.append(record_of(0, {1, 1}, 8));
  history.append(record_of(1, {2, 1}, 8));
  const DataTable table = stored_data(history);
  EXPECT_THAT(table.columns, ElementsAre("step", "layer_0_stored", "layer_0_capacity",
                                         "layer_1_stored", "layer_1_capacity"));
  EXPECT_THAT(table.rows[1], ElementsAre("1", "2", "8", "1", "8"));
}

TEST(StoredRange, IsOfTheEmptiestAndTheFullestLayer) {
  const StoredRange range = stored_range(*record_of(0, {4, 9, 2}, 10));
  EXPECT_EQ(range.least, 2);
  EXPECT_EQ(range.most, 9);
  EXPECT_EQ(stored_range(record::StepRecord()).most, 0);
}

}  // namespace
}  // namespace sketchscope::view
