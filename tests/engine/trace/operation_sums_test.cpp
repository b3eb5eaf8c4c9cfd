#include "engine/trace/operation_sums.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sketchscope::trace {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

constexpr std::int64_t kMs = 1'000'000;

StepTracePointer two_products(std::int64_t each_ms) {
  StepTrace trace{.threads = 2, .duration_ns = 10 * kMs};
  for (int layer = 0; layer < 2; ++layer) {
    const std::int64_t begin = layer * 4 * kMs;
    trace.spans.push_back({.operation = Operation::qkv,
                           .place = {.layer = layer},
                           .begin_ns = begin,
                           .end_ns = begin + each_ms * kMs,
                           .work = {.bytes = 100, .multiply_adds = 7}});
  }
  trace.spans.push_back({.operation = Operation::update, .begin_ns = 8 * kMs, .end_ns = 9 * kMs});
  trace.spans.push_back({.operation = Operation::count,
                         .thread = 1,
                         .begin_ns = 8 * kMs,
                         .end_ns = 8 * kMs + kMs / 2});
  trace.busy.push_back({.operation = Operation::qkv, .thread = 1, .end_ns = kMs});
  return std::make_shared<const StepTrace>(trace);
}

TEST(MeanOf, SumsCallsOfAStepAndAveragesOverSteps) {
  const std::vector<StepTracePointer> steps = {two_products(1), two_products(3)};
  const StepMeans means = mean_of(steps);
  EXPECT_EQ(means.steps, 2);
  EXPECT_DOUBLE_EQ(means.ms, 10);
  ASSERT_THAT(means.operations, ElementsAre(Field(&OperationMean::operation, Operation::qkv),
                                            Field(&OperationMean::operation, Operation::update),
                                            Field(&OperationMean::operation, Operation::count)));
  EXPECT_DOUBLE_EQ(means.operations[0].calls, 2);
  EXPECT_DOUBLE_EQ(means.operations[0].ms, 4) << "(2 · 1 + 2 · 3) / 2";
  EXPECT_DOUBLE_EQ(means.operations[0].bytes, 200);
  EXPECT_DOUBLE_EQ(means.operations[0].multiply_adds, 14);
  EXPECT_DOUBLE_EQ(means.operations[2].ms, 0.5);
}

TEST(MeanOf, CountsAnOperationWithinAnotherOnlyOnceInTheWhole) {
  const std::vector<StepTracePointer> steps = {two_products(1)};
  EXPECT_DOUBLE_EQ(mean_of(steps).other_ms, 10 - (2 + 1));
}

TEST(MeanOf, SharesTheTimeOfAllThreads) {
  const std::vector<StepTracePointer> steps = {two_products(1)};
  EXPECT_DOUBLE_EQ(mean_of(steps).busy_share, (3.0 + 1.0) / 20)
      << "3 ms of the calling thread, 1 ms of its helper";
}

TEST(MeanOf, KeepsWhatADeviceRanBesideTheStepsOwnOperations) {
  StepTrace on_device = *two_products(1);
  for (int layer = 0; layer < 3; ++layer) {
    on_device.on_device.push_back({.operation = Operation::attention,
                                   .begin_ns = layer * kMs,
                                   .end_ns = (layer + 1) * kMs,
                                   .work = {.bytes = 5}});
  }
  const std::vector<StepTracePointer> steps = {two_products(1),
                                               std::make_shared<const StepTrace>(on_device)};
  const StepMeans means = mean_of(steps);
  ASSERT_THAT(means.on_device, ElementsAre(Field(&OperationMean::operation, Operation::attention)));
  EXPECT_DOUBLE_EQ(means.on_device[0].calls, 1.5);
  EXPECT_DOUBLE_EQ(means.on_device[0].ms, 1.5);
  EXPECT_DOUBLE_EQ(means.on_device[0].bytes, 7.5);
  EXPECT_DOUBLE_EQ(means.other_ms, mean_of(std::vector{two_products(1)}).other_ms)
      << "the thread that waits for the device has its own time";
}

TEST(MeanOf, OfNoStepsIsEmpty) {
  const StepMeans means = mean_of(std::span<const StepTracePointer>());
  EXPECT_TRUE(means.operations.empty());
  EXPECT_EQ(means.ms, 0);
}

TEST(MovingMeans, OfStepsThatMoveOnOrAreMadeAnewAreThoseOfTheSteps) {
  std::vector<StepTracePointer> steps;
  MovingMeans moving;
  for (int round = 0; round < 40; ++round) {
    auto step = std::make_shared<StepTrace>(*two_products(1 + round % 4));
    step->step = steps.empty() ? 0 : steps.back()->step + 1;
    steps.push_back(std::move(step));
    if (steps.size() > 8) steps.erase(steps.begin());
    if (round % 11 == 10) steps.resize(3);
    const StepMeans expected = mean_of(steps);
    const StepMeans found = moving.of(steps);
    EXPECT_EQ(found.steps, std::ssize(steps));
    EXPECT_EQ(found.ms, expected.ms);
    EXPECT_EQ(found.busy_share, expected.busy_share);
    ASSERT_EQ(found.operations.size(), expected.operations.size());
    EXPECT_EQ(found.operations[0].ms, expected.operations[0].ms);
  }
}

}  // namespace
}  // namespace sketchscope::trace
