#include "gui/view/closeness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace sketchscope::view {
namespace {

record::RecordPointer drawn_step(int token, double kl, bool agrees) {
  auto record = std::make_shared<record::StepRecord>();
  record->tokens = {token};
  record->logit_kl = kl;
  record->top1_agrees = agrees;
  return record;
}

record::RecordPointer prompt_of(int tokens) {
  auto record = std::make_shared<record::StepRecord>();
  record->tokens.assign(static_cast<std::size_t>(tokens), 7);
  record->prompt_tokens = tokens;
  record->logit_kl = 9;
  record->top1_agrees = false;
  return record;
}

TEST(DrawnTokens, AreTheLatestThatTheLaneDrew) {
  std::vector<record::RecordPointer> records = {prompt_of(50), prompt_of(1)};
  EXPECT_EQ(drawn_tokens(records).steps, 0U);
  for (int step = 0; step < 10; ++step) records.push_back(drawn_step(step, 0.5, step % 2 == 0));
  const DrawnTokens few = drawn_tokens(records);
  EXPECT_EQ(few.steps, 10U);
  EXPECT_DOUBLE_EQ(*few.logit_kl, 0.5);
  EXPECT_DOUBLE_EQ(*few.top1_agreement, 0.5);
  for (int step = 0; step < 32; ++step) records.push_back(drawn_step(3, 0.25, true));
  const DrawnTokens latest = drawn_tokens(records);
  EXPECT_EQ(latest.steps, DrawnTokens::kLatest);
  EXPECT_DOUBLE_EQ(*latest.logit_kl, 0.25);
  EXPECT_DOUBLE_EQ(latest.distinct, 1.0 / 32);
}

TEST(DrawnTokens, HaveNoVerdictWithoutATwinOrOverTooFewSteps) {
  auto unmeasured = std::make_shared<record::StepRecord>();
  unmeasured->tokens = {1};
  EXPECT_FALSE(drawn_tokens(std::vector<record::RecordPointer>(20, unmeasured)).closeness());
  EXPECT_FALSE(
      drawn_tokens(std::vector<record::RecordPointer>(7, drawn_step(1, 5, false))).closeness());
  EXPECT_TRUE(
      drawn_tokens(std::vector<record::RecordPointer>(8, drawn_step(1, 5, false))).closeness());
}

TEST(Closeness, IsTheWorstThatTheFiguresSay) {
  const auto closeness = [](double kl, double agreement, double distinct) {
    return DrawnTokens{
        .steps = 32, .logit_kl = kl, .top1_agreement = agreement, .distinct = distinct}
        .closeness();
  };
  EXPECT_EQ(closeness(0.1, 0.95, 0.8), Closeness::close);
  EXPECT_EQ(closeness(0.35, 0.95, 0.8), Closeness::drifting);
  EXPECT_EQ(closeness(0.1, 0.84, 0.8), Closeness::drifting);
  EXPECT_EQ(closeness(0.001, 1, 0.05), Closeness::repeating) << "the twin goes along with a loop";
  EXPECT_EQ(closeness(1, 0.95, 0.8), Closeness::broken);
  EXPECT_EQ(closeness(0.1, 0.69, 0.8), Closeness::broken);
  EXPECT_EQ(closeness_text(Closeness::broken), "broken");
}

}  // namespace
}  // namespace sketchscope::view
