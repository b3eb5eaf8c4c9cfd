#include "engine/cache/slot_statistics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope::cache {
namespace {

using ::testing::ElementsAre;

const StatisticSet kAll = {Statistic::accumulated_mass, Statistic::last_mass,
                           Statistic::query_count};

struct Expected {
  double accumulated = 0;
  double last = 0;
  double queries = 0;
};

void expect_equal(const SlotStatistics& statistics, const std::vector<Expected>& expected) {
  ASSERT_EQ(statistics.slots(), static_cast<int>(expected.size()));
  for (std::size_t slot = 0; slot < expected.size(); ++slot) {
    const auto value = [&](Statistic statistic) { return statistics.values(statistic)[slot]; };
    ASSERT_NEAR(value(Statistic::accumulated_mass), expected[slot].accumulated,
                1e-5 * (1 + expected[slot].accumulated));
    ASSERT_NEAR(value(Statistic::last_mass), expected[slot].last, 1e-6);
    ASSERT_EQ(value(Statistic::query_count), expected[slot].queries);
  }
}

TEST(SlotStatistics, CountLikeAPlainTallyThroughAdmissionsQueriesAndCuts) {
  constexpr int kHeads = 3;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    core::SplitMix64 random(seed);
    const double decay = random.below(2) == 0 ? 1.0 : 0.9;
    SlotStatistics statistics(kAll);
    std::vector<Expected> expected;
    for (int step = 0; step < 80; ++step) {
      const std::size_t slot = random.below(expected.size() + 1);
      if (slot == expected.size()) expected.emplace_back();
      expected[slot] = {};
      statistics.admit(static_cast<int>(slot));

      // Rows lie further apart than they are long.
      const std::size_t stride = expected.size() + 5;
      std::vector<float> mass(kHeads * stride);
      for (float& value : mass) value = static_cast<float>(random.uniform());
      for (std::size_t each = 0; each < expected.size(); ++each) {
        double sum = 0;
        for (std::size_t head = 0; head < kHeads; ++head) sum += mass[head * stride + each];
        expected[each] = {.accumulated = expected[each].accumulated * decay + sum,
                          .last = sum,
                          .queries = expected[each].queries + 1};
      }
      statistics.observe({.data = mass.data(),
                          .heads = kHeads,
                          .slots = static_cast<int>(expected.size()),
                          .stride = static_cast<int>(stride)},
                         static_cast<float>(decay));

      if (random.below(10) == 0) {
        std::vector<int> origin;
        std::vector<Expected> kept;
        for (std::size_t each = expected.size(); each-- > 0;) {
          if (random.below(2) == 0) continue;
          origin.push_back(static_cast<int>(each));
          kept.push_back(expected[each]);
        }
        statistics.keep(origin);
        expected = kept;
      }
      expect_equal(statistics, expected);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(SlotStatistics, CountAPromptAsOneStep) {
  SlotStatistics statistics(kAll);
  for (int slot = 0; slot < 3; ++slot) statistics.admit(slot);
  statistics.observe_prompt(std::vector{2.5F, 0.4F, 0.1F}, std::vector{0.7F, 0.2F, 0.1F},
                            std::vector{3, 2, 1});
  EXPECT_THAT(statistics.values(Statistic::accumulated_mass), ElementsAre(2.5F, 0.4F, 0.1F));
  EXPECT_THAT(statistics.values(Statistic::last_mass), ElementsAre(0.7F, 0.2F, 0.1F));
  EXPECT_THAT(statistics.values(Statistic::query_count), ElementsAre(3, 2, 1));
}

TEST(SlotStatistics, CarryOverWhatTheNextPolicyKnowsAndStartOthersAtZero) {
  SlotStatistics statistics({Statistic::accumulated_mass});
  for (int slot = 0; slot < 2; ++slot) statistics.admit(slot);
  statistics.observe_prompt(std::vector{2.0F, 1.0F}, std::vector{1.0F, 1.0F}, std::vector{2, 1});
  const SlotStatistics other =
      statistics.converted({Statistic::query_count, Statistic::accumulated_mass});
  EXPECT_EQ(other.slots(), 2);
  EXPECT_THAT(other.values(Statistic::accumulated_mass), ElementsAre(2.0F, 1.0F));
  EXPECT_THAT(other.values(Statistic::query_count), ElementsAre(0, 0));
  EXPECT_THROW(std::ignore = other.values(Statistic::last_mass), core::Error);
}

TEST(SlotStatistics, CountSlotsThoughNothingIsKept) {
  SlotStatistics statistics;
  statistics.admit(0);
  statistics.admit(1);
  const std::vector<float> mass = {0.5F, 0.5F};
  statistics.observe({.data = mass.data(), .heads = 1, .slots = 2, .stride = 2}, 1.0F);
  EXPECT_EQ(statistics.bytes(), 0U);
  EXPECT_EQ(statistics.converted(kAll).slots(), 2);
  statistics.keep(std::vector{1});
  EXPECT_EQ(statistics.slots(), 1);
}

TEST(SlotStatistics, TakeTheBytesOfWhatIsKept) {
  SlotStatistics statistics({Statistic::accumulated_mass, Statistic::query_count});
  for (int slot = 0; slot < 10; ++slot) statistics.admit(slot);
  EXPECT_EQ(statistics.bytes(), 2U * 10 * sizeof(float));
}

TEST(SlotStatistics, ForkByCopy) {
  SlotStatistics statistics({Statistic::accumulated_mass});
  statistics.admit(0);
  const SlotStatistics fork = statistics;
  statistics.observe_prompt(std::vector{1.0F}, std::vector{1.0F}, std::vector{1});
  EXPECT_THAT(fork.values(Statistic::accumulated_mass), ElementsAre(0.0F));
  EXPECT_THAT(statistics.values(Statistic::accumulated_mass), ElementsAre(1.0F));
}

TEST(SlotStatistics, RefuseMassOfAnotherTableAndGapsBetweenSlots) {
  SlotStatistics statistics(kAll);
  EXPECT_THROW(statistics.admit(1), core::Error);
  EXPECT_THROW(statistics.admit(-1), core::Error);
  statistics.admit(0);
  const std::vector<float> mass = {0.5F, 0.5F};
  EXPECT_THROW(statistics.observe({.data = mass.data(), .heads = 1, .slots = 2, .stride = 2}, 1.0F),
               core::Error);
  EXPECT_THROW(statistics.observe_prompt(mass, mass, std::vector{2, 1}), core::Error);
}

}  // namespace
}  // namespace sketchscope::cache
