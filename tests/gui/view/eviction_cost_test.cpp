#include "gui/view/eviction_cost.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sketchscope::view {
namespace {

using decode::SparedBy;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

run::EvictionInquiry some_inquiry() {
  run::EvictionInquiry inquiry{.step = 20, .until = 24};
  inquiry.cost.eviction = {.layer = 1, .position = 7};
  inquiry.cost.run(SparedBy::next).changes = {0.5, -0.25, 1};
  inquiry.cost.run(SparedBy::extra).changes = {0.25, 0, -0.5};
  return inquiry;
}

TEST(EvictionCost, BelongsToTheEvictionThatWasAskedFor) {
  run::LiveState state;
  const record::EvictionRecord asked{.layer = 1, .position = 7};
  EXPECT_EQ(inquiry_of(state, {.step = 20}, asked), nullptr);
  state.cost = std::make_shared<const run::EvictionInquiry>(some_inquiry());
  EXPECT_EQ(inquiry_of(state, {.step = 20}, asked), state.cost.get());
  EXPECT_EQ(inquiry_of(state, {.step = 21}, asked), nullptr);
  EXPECT_EQ(inquiry_of(state, {.step = 20}, {.layer = 0, .position = 7}), nullptr);
  EXPECT_EQ(inquiry_of(state, {.step = 20}, {.layer = 1, .head = 1, .position = 7}), nullptr);
}

TEST(EvictionCost, AddsUpOverTheStepsAfterIt) {
  const CostCurves curves = cost_curves(some_inquiry());
  EXPECT_THAT(curves.steps, ElementsAre(21, 22, 23));
  EXPECT_THAT(curves.next, ElementsAre(0.5, 0.25, 1.25));
  EXPECT_THAT(curves.extra, ElementsAre(0.25, 0.25, -0.25));
}

TEST(EvictionCost, IsSaidInWordsWithWhereThePositionLeftAgain) {
  run::EvictionInquiry inquiry = some_inquiry();
  EXPECT_THAT(cost_words(inquiry, SparedBy::next), HasSubstr("1.25 nats in 3 tokens"));
  EXPECT_THAT(cost_words(inquiry, SparedBy::next), Not(HasSubstr("gone")));
  inquiry.cost.run(SparedBy::next).left_before = 2;
  EXPECT_THAT(cost_words(inquiry, SparedBy::next), HasSubstr("gone again at step 22"));
}

TEST(EvictionCost, IsARowForEachTokenThatFollowed) {
  const DataTable table = cost_data(some_inquiry());
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_THAT(table.rows[1], ElementsAre("22", "-0.25", "0"));
}

}  // namespace
}  // namespace sketchscope::view
