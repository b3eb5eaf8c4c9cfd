#include "engine/policy/victim.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope::policy {
namespace {

struct Case {
  std::vector<int> positions;     // (S)
  std::vector<float> importance;  // (S)
  Protection protection;
};

// Few distinct scores, so that ties are common.
Case random_case(core::SplitMix64& random) {
  Case made;
  std::vector<int> all(1 + random.below(60));
  for (std::size_t index = 0; index < all.size(); ++index) all[index] = static_cast<int>(index);
  for (std::size_t left = all.size(); left > 1; --left) {
    std::swap(all[left - 1], all[random.below(left)]);
  }
  const std::size_t stored = 1 + random.below(all.size());
  made.positions.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(stored));
  for (std::size_t slot = 0; slot < stored; ++slot) {
    made.importance.push_back(static_cast<float>(random.below(8)) / 4);
  }
  made.protection = {.sinks = static_cast<int>(random.below(6)),
                     .recent = static_cast<int>(random.below(stored + 5))};
  return made;
}

// A literal second implementation of docs/cache.md, "Protected positions": scores by position of
// what may be evicted.
std::map<int, float> unprotected(const std::map<int, float>& stored, const Protection& protection) {
  std::map<int, float> free = stored;
  for (int count = 0; count < protection.recent && !free.empty(); ++count) {
    free.erase(std::prev(free.end()));
  }
  std::erase_if(free, [&](const auto& entry) { return entry.first < protection.sinks; });
  return free;
}

std::optional<int> lowest_score(const std::map<int, float>& free) {
  std::optional<int> lowest;
  for (const auto& [position, score] : free) {
    if (!lowest || score < free.at(*lowest)) lowest = position;
  }
  return lowest;
}

std::map<int, float> stored_in(const Case& made) {
  std::map<int, float> stored;
  for (std::size_t slot = 0; slot < made.positions.size(); ++slot) {
    stored[made.positions[slot]] = made.importance[slot];
  }
  return stored;
}

void expect_follows_the_rules(const Case& made, const Victim& victim,
                              const std::map<int, float>& stored) {
  const int position = made.positions[static_cast<std::size_t>(victim.slot)];
  std::map<int, float> free = unprotected(stored, made.protection);
  ASSERT_EQ(victim.score, stored.at(position));
  ASSERT_EQ(victim.candidates, static_cast<int>(free.size()));
  ASSERT_EQ(victim.degenerate, free.empty());
  if (free.empty()) {
    ASSERT_EQ(position, stored.lower_bound(made.protection.sinks)->first);
    ASSERT_FALSE(victim.margin.has_value());
    ASSERT_FALSE(victim.next_position.has_value());
    return;
  }
  ASSERT_EQ(position, lowest_score(free));
  free.erase(position);
  const std::optional<int> next = lowest_score(free);
  ASSERT_EQ(victim.next_position, next);
  ASSERT_EQ(victim.margin.has_value(), next.has_value());
  if (next) {
    ASSERT_EQ(*victim.margin, free.at(*next) - victim.score);
  }
}

bool holds_only_sinks(const Case& made) {
  return std::ranges::all_of(made.positions,
                             [&](int position) { return position < made.protection.sinks; });
}

TEST(Victim, IsTheOneTheRulesName) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    core::SplitMix64 random(seed);
    const Case made = random_case(random);
    if (holds_only_sinks(made)) {
      ASSERT_THROW(choose_victim(made.positions, made.importance, made.protection), core::Error);
      continue;
    }
    const Victim victim = choose_victim(made.positions, made.importance, made.protection);
    expect_follows_the_rules(made, victim, stored_in(made));
    if (HasFatalFailure()) return;
  }
}

TEST(Victims, LeaveAsTheyWouldOneByOneUnderTheSameProtection) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    core::SplitMix64 random(seed);
    const Case made = random_case(random);
    std::map<int, float> stored = stored_in(made);
    const auto sinks = static_cast<std::size_t>(std::ranges::count_if(
        made.positions, [&](int position) { return position < made.protection.sinks; }));
    const std::size_t capacity = sinks + random.below(made.positions.size() - sinks + 1);

    const auto victims = choose_victims(made.positions, made.importance, made.protection,
                                        static_cast<int>(capacity));
    for (const Victim& victim : victims) {
      expect_follows_the_rules(made, victim, stored);
      if (HasFatalFailure()) return;
      stored.erase(made.positions[static_cast<std::size_t>(victim.slot)]);
    }
    ASSERT_EQ(stored.size(), capacity);
  }
}

// Spares the position that leaves first, of a case in which another can.
std::optional<Case> spared_case(core::SplitMix64& random) {
  Case made = random_case(random);
  const auto no_sinks = std::ranges::count_if(
      made.positions, [&](int position) { return position >= made.protection.sinks; });
  if (no_sinks < 2) return std::nullopt;
  const Victim first = choose_victim(made.positions, made.importance, made.protection);
  made.protection.spared = made.positions[static_cast<std::size_t>(first.slot)];
  return made;
}

TEST(Victim, IsTheNextCandidateWhereOneIsSpared) {
  int spared = 0;
  VictimRoom room;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    core::SplitMix64 random(seed);
    const std::optional<Case> made = spared_case(random);
    if (!made) continue;
    ++spared;
    // The choice among the other positions is made as if the spared one had never been there,
    // under the threshold of the recent window that it had a part in.
    const int recent = first_recent_position(made->positions, made->protection.recent);
    std::optional<Victim> expected;
    for (std::size_t slot = 0; slot < made->positions.size(); ++slot) {
      const int position = made->positions[slot];
      const bool is_free = position >= made->protection.sinks && position < recent &&
                           position != made->protection.spared;
      if (!is_free) continue;
      const bool is_lower = !expected || made->importance[slot] < expected->score ||
                            (made->importance[slot] == expected->score &&
                             position < made->positions[static_cast<std::size_t>(expected->slot)]);
      if (is_lower)
        expected = Victim{.slot = static_cast<int>(slot), .score = made->importance[slot]};
    }
    const Victim victim = choose_victim(made->positions, made->importance, made->protection);
    ASSERT_EQ(victim.degenerate, !expected.has_value());
    ASSERT_NE(made->positions[static_cast<std::size_t>(victim.slot)], made->protection.spared);
    if (expected) {
      ASSERT_EQ(victim.slot, expected->slot);
    }
    ASSERT_EQ(choose_batch(made->positions, made->importance, made->protection, 1, room)[0].slot,
              victim.slot);
  }
  EXPECT_GT(spared, 1000);
}

TEST(Victims, IncludeASparedPositionLastAndOnlyWhereNoOtherIsLeft) {
  const std::vector<int> positions = {0, 7, 3, 5};
  const std::vector<float> importance = {9, 9, 0, 1};
  const Protection protection{.sinks = 1, .recent = 1, .spared = 3};
  const auto slots = [&](int capacity) {
    std::vector<int> order;
    for (const Victim& victim : choose_victims(positions, importance, protection, capacity))
      order.push_back(victim.slot);
    return order;
  };
  EXPECT_EQ(slots(3), std::vector{3});
  EXPECT_EQ(slots(2), (std::vector{3, 1}));
  EXPECT_EQ(slots(1), (std::vector{3, 1, 2}));
  const std::vector<int> last = {0, 3};
  EXPECT_EQ(choose_victim(last, std::vector<float>{1, 1}, protection).slot, 1);
}

TEST(Victims, AreNoneWhereTheTableFits) {
  const std::vector<int> positions = {0, 1, 2};
  const std::vector<float> importance = {3, 2, 1};
  EXPECT_TRUE(choose_victims(positions, importance, {}, 3).empty());
  EXPECT_TRUE(choose_victims(positions, importance, {}, 100).empty());
}

TEST(Victims, AreNeverSinks) {
  const std::vector<int> positions = {0, 1, 2, 3};
  const std::vector<float> importance = {0, 0, 0, 0};
  EXPECT_THROW(choose_victims(positions, importance, {.sinks = 2, .recent = 1}, 1), core::Error);
  EXPECT_EQ(choose_victims(positions, importance, {.sinks = 2, .recent = 1}, 2).size(), 2U);
}

TEST(Victim, IsChosenEvenIfScoresAreNoNumbers) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::vector<int> positions(100);
  std::vector<float> importance(100);
  for (int slot = 0; slot < 100; ++slot) {
    positions[static_cast<std::size_t>(slot)] = 99 - slot;
    importance[static_cast<std::size_t>(slot)] = slot % 3 == 0 ? nan : 1.0F;
  }
  const Victim victim = choose_victim(positions, importance, {.sinks = 4, .recent = 10});
  EXPECT_EQ(victim.slot, 93);  // the lowest position above the sinks without a number
  EXPECT_EQ(choose_victims(positions, importance, {.sinks = 4, .recent = 10}, 50).size(), 50U);
}

TEST(Victim, NeedsAScoreForEachSlotAndATableThatIsNotEmpty) {
  const std::vector<int> positions = {0, 1};
  const std::vector<float> one_score = {1};
  EXPECT_THROW(choose_victim(positions, one_score, {}), core::Error);
  EXPECT_THROW(choose_victim({}, {}, {}), core::Error);
}

TEST(ChooseBatch, TakesWhatChooseVictimWouldTakeOneAfterAnother) {
  core::SplitMix64 random(31);
  VictimRoom room;
  for (int trial = 0; trial < 400; ++trial) {
    const Case made = random_case(random);
    std::map<int, float> stored = stored_in(made);
    if (stored.rbegin()->first < made.protection.sinks) continue;
    const int count = 1 + static_cast<int>(random.below(12));
    const auto victims =
        choose_batch(made.positions, made.importance, made.protection, count, room);
    const std::map<int, float> free = unprotected(stored, made.protection);
    ASSERT_EQ(victims.size(),
              std::clamp<std::size_t>(free.size(), 1, static_cast<std::size_t>(count)));
    for (const Victim& victim : victims) {
      expect_follows_the_rules(made, victim, stored);
      stored.erase(made.positions[static_cast<std::size_t>(victim.slot)]);
    }
  }
}

TEST(ChooseBatch, OfOneIsThatOfChooseVictim) {
  core::SplitMix64 random(32);
  VictimRoom room;
  for (int trial = 0; trial < 100; ++trial) {
    const Case made = random_case(random);
    if (std::ranges::max(made.positions) < made.protection.sinks) continue;
    const Victim alone = choose_victim(made.positions, made.importance, made.protection);
    const auto batch = choose_batch(made.positions, made.importance, made.protection, 1, room);
    ASSERT_EQ(batch.size(), 1U);
    EXPECT_EQ(batch.front().slot, alone.slot);
    EXPECT_EQ(batch.front().margin, alone.margin);
  }
}

}  // namespace
}  // namespace sketchscope::policy
