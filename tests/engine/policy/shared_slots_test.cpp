#include "engine/policy/shared_slots.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <tuple>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope::policy {
namespace {

struct HeadTable {
  std::vector<int> positions;
  std::vector<float> scores;
  Protection protection;
};

std::vector<HeadTable> random_tables(core::SplitMix64& random) {
  std::vector<HeadTable> tables(1 + random.below(4));
  for (HeadTable& table : tables) {
    table.protection = {.sinks = static_cast<int>(random.below(3)),
                        .recent = static_cast<int>(random.below(4))};
    const int stored = 4 + static_cast<int>(random.below(20));
    for (int slot = 0; slot < stored; ++slot) {
      table.positions.push_back(stored - 1 - slot);
      table.scores.push_back(static_cast<float>(random.below(9)));
    }
  }
  return tables;
}

// (score, position, table) of all that may leave.
std::set<std::tuple<float, int, int>> unprotected(const std::vector<HeadTable>& tables) {
  std::set<std::tuple<float, int, int>> free;
  for (std::size_t index = 0; index < tables.size(); ++index) {
    const HeadTable& table = tables[index];
    const int stored = static_cast<int>(table.positions.size());
    for (std::size_t slot = 0; slot < table.positions.size(); ++slot) {
      const int position = table.positions[slot];
      const bool recent = position >= stored - table.protection.recent;
      if (position < table.protection.sinks || recent) continue;
      free.insert({table.scores[slot], position, static_cast<int>(index)});
    }
  }
  return free;
}

TEST(SharedChoice, TakesTheLowestOfAllTablesThatKeepTheirLeast) {
  core::SplitMix64 random(3);
  SharedChoice choice;
  for (int trial = 0; trial < 500; ++trial) {
    const std::vector<HeadTable> tables = random_tables(random);
    choice.begin();
    std::vector<int> left;
    for (const HeadTable& table : tables) {
      choice.add(table.positions, table.scores, table.protection);
      left.push_back(static_cast<int>(table.positions.size()));
    }
    const int guarded = static_cast<int>(random.below(6));
    const int wanted = 1 + static_cast<int>(random.below(20));
    std::vector<std::tuple<float, int, int>> expected;
    for (const auto& place : unprotected(tables)) {
      int& of_table = left[static_cast<std::size_t>(std::get<2>(place))];
      if (std::ssize(expected) == wanted || of_table <= guarded) continue;
      expected.push_back(place);
      --of_table;
    }
    const auto victims = choice.choose({.wanted = wanted, .needed = 0, .guarded = guarded});
    ASSERT_EQ(victims.size(), expected.size());
    for (std::size_t i = 0; i < victims.size(); ++i) {
      const auto& [table, victim] = victims[i];
      const auto slot = static_cast<std::size_t>(victim.slot);
      const HeadTable& own = tables[static_cast<std::size_t>(table)];
      EXPECT_EQ(std::tuple(victim.score, own.positions[slot], table), expected[i]);
      EXPECT_FALSE(victim.degenerate);
      if (i + 1 == victims.size()) continue;
      EXPECT_EQ(victim.margin, victims[i + 1].victim.score - victim.score);
    }
  }
}

TEST(SharedChoice, LetsTheGuardFallBeforeWhatIsProtected) {
  SharedChoice choice;
  choice.begin();
  const std::vector<int> positions = {0, 1, 2, 3};
  const std::vector<float> scores = {1, 2, 3, 4};
  choice.add(positions, scores, {.sinks = 1, .recent = 1});
  const auto victims = choice.choose({.wanted = 1, .needed = 3, .guarded = 4});
  ASSERT_EQ(victims.size(), 3U);
  EXPECT_EQ(victims[0].victim.slot, 1);
  EXPECT_EQ(victims[1].victim.slot, 2);
  EXPECT_FALSE(victims[1].victim.degenerate);
  EXPECT_EQ(victims[2].victim.slot, 3);
  EXPECT_TRUE(victims[2].victim.degenerate);
}

TEST(SharedChoice, RefusesToTakeSinks) {
  SharedChoice choice;
  choice.begin();
  choice.add(std::vector<int>{0, 1}, std::vector<float>{1, 2}, {.sinks = 2});
  EXPECT_THROW(choice.choose({.wanted = 1, .needed = 1}), core::Error);
}

TEST(SharedChoice, TakesWhatIsNotANumberFirst) {
  SharedChoice choice;
  choice.begin();
  choice.add(std::vector<int>{0, 1}, std::vector<float>{-1e30F, 2}, {});
  choice.add(std::vector<int>{0, 1}, std::vector<float>{0, std::nanf("")}, {});
  const auto victims = choice.choose({.wanted = 1, .needed = 1});
  EXPECT_EQ(victims.front().table, 1);
  EXPECT_EQ(victims.front().victim.slot, 1);
}

TEST(SharedChoice, LeavesEachHeadAFifthOfItsShare) {
  EXPECT_EQ(least_of_a_head(100), 20);
  EXPECT_EQ(least_of_a_head(64), 12);
  EXPECT_EQ(least_of_a_head(3), 1);
}

}  // namespace
}  // namespace sketchscope::policy
