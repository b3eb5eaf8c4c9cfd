#include "engine/settings/capacity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope::settings {
namespace {

using ::testing::ElementsAre;

std::vector<int> all(const LayerBudgets& budgets, int layers) {
  std::vector<int> slots;
  for (int layer = 0; layer < layers; ++layer) slots.push_back(budgets.of(layer));
  return slots;
}

BudgetRule random_rule(core::SplitMix64& random) {
  const int protected_slots = static_cast<int>(random.below(60));
  return {.kind = static_cast<BudgetKind>(random.below(4)),
          .capacity = 1 + static_cast<int>(random.below(300)),
          .protected_slots = protected_slots};
}

TEST(LayerBudgets, ShareOutTheSameTotalWhateverHappens) {
  core::SplitMix64 random(1);
  for (int trial = 0; trial < 300; ++trial) {
    const int layers = 1 + static_cast<int>(random.below(24));
    BudgetRule rule = random_rule(random);
    LayerBudgets budgets(layers, rule);
    for (int event = 0; event < 40; ++event) {
      const auto slots = all(budgets, layers);
      ASSERT_EQ(std::reduce(slots.begin(), slots.end()), layers * rule.capacity);
      const int kept = std::min(rule.protected_slots, rule.capacity);
      ASSERT_GE(std::ranges::min(slots), kept) << "trial " << trial;
      if (event % 10 == 9) budgets.change(rule = random_rule(random));
      for (int layer = 0; layer < layers; ++layer) {
        budgets.learn(layer, 1 + static_cast<int>(random.below(200)));
      }
      budgets.resplit();
    }
  }
}

TEST(LayerBudgets, AreEqualByDefault) {
  EXPECT_THAT(all(LayerBudgets(3, {.capacity = 10, .protected_slots = 4}), 3),
              ElementsAre(10, 10, 10));
}

TEST(LayerBudgets, FallLinearlyToATwentiethOfTheMeanInAPyramid) {
  for (const int layers : {2, 6, 12, 48}) {
    const LayerBudgets budgets(
        layers, {.kind = BudgetKind::pyramid, .capacity = 140, .protected_slots = 40});
    for (int layer = 0; layer < layers; ++layer) {
      const double along = static_cast<double>(layer) / (layers - 1);
      EXPECT_NEAR(budgets.of(layer), 40 + 195 * (1 - along) + 5 * along, 1) << layer;
      EXPECT_LE(budgets.of(layer), budgets.of(std::max(layer - 1, 0)));
    }
  }
  EXPECT_EQ(LayerBudgets(1, {.kind = BudgetKind::pyramid, .capacity = 9}).of(0), 9);
}

TEST(LayerBudgets, LeaveEveryLayerItsProtectedSlots) {
  const LayerBudgets budgets(4,
                             {.kind = BudgetKind::pyramid, .capacity = 20, .protected_slots = 36});
  EXPECT_THAT(all(budgets, 4), ElementsAre(20, 20, 20, 20));
}

TEST(LayerBudgets, GoWhereTheMassNeedsThemWhenTheyAdapt) {
  LayerBudgets budgets(2, {.kind = BudgetKind::adaptive, .capacity = 110, .protected_slots = 10});
  EXPECT_THAT(all(budgets, 2), ElementsAre(110, 110));
  budgets.learn(0, 90);
  EXPECT_FALSE(budgets.resplit());  // not before every layer's need is known
  budgets.learn(1, 30);
  EXPECT_TRUE(budgets.resplit());
  // The mean need is 60: 100 · (0.2 + 0.8 · 1.5) and 100 · (0.2 + 0.8 · 0.5) beside the protected.
  EXPECT_THAT(all(budgets, 2), ElementsAre(150, 70));
}

TEST(LayerBudgets, StayAsTheyAreForASmallChangeOfNeed) {
  LayerBudgets budgets(2, {.kind = BudgetKind::adaptive, .capacity = 100});
  budgets.learn(0, 60);
  budgets.learn(1, 50);
  EXPECT_FALSE(budgets.resplit());
  EXPECT_THAT(all(budgets, 2), ElementsAre(100, 100));
}

TEST(LayerBudgets, ForgetAnOldNeedSlowly) {
  LayerBudgets budgets(2, {.kind = BudgetKind::adaptive, .capacity = 100});
  for (const int layer : {0, 1}) budgets.learn(layer, 40);
  budgets.learn(0, 80);  // smoothed: 50 against 40
  EXPECT_FALSE(budgets.resplit());
  for (int again = 0; again < 8; ++again) budgets.learn(0, 80);
  EXPECT_TRUE(budgets.resplit());
  EXPECT_GT(budgets.of(0), budgets.of(1));
}

TEST(SlotsThatHold, CountsTheLargestMassesUpToTheShare) {
  std::vector<float> mass = {0.1F, 0.5F, 0.0F, 0.4F};
  EXPECT_EQ(slots_that_hold(mass, 0.45), 1);
  EXPECT_EQ(slots_that_hold(mass, 0.89), 2);
  EXPECT_EQ(slots_that_hold(mass, 0.95), 3);
  EXPECT_EQ(slots_that_hold({}, 0.95), 0);
}

}  // namespace
}  // namespace sketchscope::settings
