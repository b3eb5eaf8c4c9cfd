#include "engine/cache/slot_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope::cache {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

constexpr PageShape kPlainShape{.heads = 2, .head_width = 3};
constexpr std::size_t kPlainVector = 6;  // H · D

// The expected contents of a slot.
struct Stored {
  int position = 0;
  int token = 0;
  std::vector<float> key;
  std::vector<float> value;

  [[nodiscard]] SlotTable::Entry entry() const {
    return {.position = position, .token = token, .key = key, .value = value};
  }
};

Stored random_stored(int position, core::SplitMix64& random) {
  Stored stored{.position = position, .token = static_cast<int>(random.below(50257))};
  for (std::size_t index = 0; index < kPlainVector; ++index) {
    stored.key.push_back(static_cast<float>(random.uniform()));
    stored.value.push_back(static_cast<float>(random.uniform()));
  }
  return stored;
}

// Expects equal values through the table's slots and through the pages that kernels read.
void expect_holds(const SlotTable& table, const std::vector<Stored>& expected) {
  ASSERT_EQ(table.stored(), static_cast<int>(expected.size()));
  ASSERT_EQ(table.pages().size(), (expected.size() + 15) / 16);
  ASSERT_EQ(table.page_ids().size(), table.pages().size());
  for (std::size_t slot = 0; slot < expected.size(); ++slot) {
    ASSERT_EQ(table.positions()[slot], expected[slot].position);
    ASSERT_EQ(table.tokens()[slot], expected[slot].token);
    std::vector<float> key(kPlainVector);
    std::vector<float> value(kPlainVector);
    table.read_key(static_cast<int>(slot), key);
    table.read_value(static_cast<int>(slot), value);
    ASSERT_EQ(key, expected[slot].key) << "slot " << slot;
    ASSERT_EQ(value, expected[slot].value) << "slot " << slot;
    const kernels::PageView& page = table.pages()[slot / 16];
    for (std::size_t index = 0; index < kPlainVector; ++index) {
      const std::size_t head = index / 3;
      const std::size_t place = (head * 16 + slot % 16) * 3 + index % 3;
      ASSERT_EQ(static_cast<const float*>(page.keys)[place], expected[slot].key[index]);
      ASSERT_EQ(static_cast<const float*>(page.values)[place], expected[slot].value[index]);
    }
  }
}

struct Filled {
  SlotTable table;
  std::vector<Stored> expected;
};

Filled filled_table(const std::shared_ptr<PagePool>& pool, int count, core::SplitMix64& random) {
  Filled filled{.table = SlotTable(pool)};
  for (int position = 0; position < count; ++position) {
    filled.expected.push_back(random_stored(position, random));
    filled.table.append(filled.expected.back().entry());
  }
  return filled;
}

// One random operation on a table and on its plain counterpart.
void mutate(Filled& filled, int& next_position, core::SplitMix64& random) {
  const std::size_t stored = filled.expected.size();
  const std::uint64_t choice = random.below(12);
  if (choice > 9 && stored > 0) {
    const std::size_t slot = random.below(stored);
    filled.expected[slot] = filled.expected.back();
    filled.expected.pop_back();
    filled.table.remove(static_cast<int>(slot));
  } else if (stored == 0 || choice < 6) {
    filled.expected.push_back(random_stored(next_position++, random));
    ASSERT_EQ(filled.table.append(filled.expected.back().entry()), static_cast<int>(stored));
  } else if (choice < 9) {
    const std::size_t slot = random.below(stored);
    filled.expected[slot] = random_stored(next_position++, random);
    filled.table.replace(static_cast<int>(slot), filled.expected[slot].entry());
  } else {
    std::vector<int> slots;
    for (std::size_t slot = 0; slot < stored; ++slot) {
      if (random.below(3) > 0) slots.push_back(static_cast<int>(slot));
    }
    std::ranges::reverse(slots);
    std::vector<Stored> survivors;
    for (const int slot : slots) {
      survivors.push_back(filled.expected[static_cast<std::size_t>(slot)]);
    }
    std::ranges::sort(survivors, {}, &Stored::position);
    const std::vector<int> origin = filled.table.keep(slots);
    ASSERT_EQ(origin.size(), survivors.size());
    for (std::size_t slot = 0; slot < origin.size(); ++slot) {
      ASSERT_EQ(filled.expected[static_cast<std::size_t>(origin[slot])].position,
                survivors[slot].position);
    }
    filled.expected = survivors;
  }
}

TEST(SlotTable, StaysTrueThroughRandomAppendsReplacementsRemovalsCutsForksAndEnds) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    core::SplitMix64 random(seed);
    const auto pool = std::make_shared<PagePool>(kPlainShape);
    int next_position = 0;
    {
      std::deque<Filled> lanes;
      lanes.push_back({.table = SlotTable(pool)});
      for (int turn = 0; turn < 250; ++turn) {
        const std::size_t lane = random.below(lanes.size());
        const std::uint64_t choice = random.below(20);
        if (choice == 0 && lanes.size() < 6) {
          lanes.push_back(lanes[lane]);
        } else if (choice == 1 && lanes.size() > 1) {
          lanes.erase(lanes.begin() + static_cast<std::ptrdiff_t>(lane));
        } else if (choice == 2) {
          lanes[lane] = lanes[random.below(lanes.size())];
        } else {
          mutate(lanes[lane], next_position, random);
        }
        for (const Filled& each : lanes) expect_holds(each.table, each.expected);
        if (HasFatalFailure()) return;
      }
    }
    EXPECT_EQ(pool->pages_in_use(), 0U);
  }
}

TEST(SlotTable, ForkSharesAllPages) {
  core::SplitMix64 random(1);
  const auto pool = std::make_shared<PagePool>(kPlainShape);
  const Filled original = filled_table(pool, 50, random);
  ASSERT_EQ(pool->pages_in_use(), 4U);
  const SlotTable fork = original.table;
  EXPECT_EQ(pool->pages_in_use(), 4U);
  EXPECT_THAT(fork.page_ids(), ElementsAreArray(original.table.page_ids()));
}

TEST(SlotTable, WriteToASharedPageCopiesThatPageOnly) {
  core::SplitMix64 random(2);
  const auto pool = std::make_shared<PagePool>(kPlainShape);
  const Filled original = filled_table(pool, 60, random);
  for (int slot = 0; slot < 60; ++slot) {
    SlotTable fork = original.table;
    const Stored other = random_stored(1000, random);
    fork.replace(slot, other.entry());
    EXPECT_EQ(pool->pages_in_use(), 5U);
    for (int page = 0; page < 4; ++page) {
      const auto index = static_cast<std::size_t>(page);
      EXPECT_EQ(fork.page_ids()[index] == original.table.page_ids()[index], page != slot / 16);
    }
    std::vector<Stored> expected = original.expected;
    expected[static_cast<std::size_t>(slot)] = other;
    expect_holds(fork, expected);
    expect_holds(original.table, original.expected);
  }
  EXPECT_EQ(pool->pages_in_use(), 4U);
}

TEST(SlotTable, WriteToAPageOfItsOwnCopiesNothing) {
  core::SplitMix64 random(3);
  const auto pool = std::make_shared<PagePool>(kPlainShape);
  Filled filled = filled_table(pool, 20, random);
  { const SlotTable forked_and_gone = filled.table; }
  const std::vector<PagePool::PageId> before(filled.table.page_ids().begin(),
                                             filled.table.page_ids().end());
  filled.table.replace(3, random_stored(99, random).entry());
  EXPECT_THAT(filled.table.page_ids(), ElementsAreArray(before));
  EXPECT_EQ(pool->pages_in_use_peak(), 2U);
}

TEST(SlotTable, GivesAPageBackWhenItsLastSlotIsTakenOut) {
  core::SplitMix64 random(6);
  const auto pool = std::make_shared<PagePool>(kPlainShape);
  Filled filled = filled_table(pool, 34, random);
  ASSERT_EQ(pool->pages_in_use(), 3U);
  filled.table.remove(3);
  EXPECT_EQ(pool->pages_in_use(), 3U);
  filled.table.remove(0);
  EXPECT_EQ(pool->pages_in_use(), 2U);
  EXPECT_EQ(filled.table.positions()[3], 33);
  EXPECT_EQ(filled.table.positions()[0], 32);
}

TEST(SlotTable, KeepMovesToFreshPagesInPositionOrderAndReleasesTheOthers) {
  core::SplitMix64 random(4);
  const auto pool = std::make_shared<PagePool>(kPlainShape);
  Filled filled = filled_table(pool, 64, random);
  filled.table.replace(0, random_stored(64, random).entry());
  const std::vector<PagePool::PageId> before(filled.table.page_ids().begin(),
                                             filled.table.page_ids().end());

  EXPECT_THAT(filled.table.keep(std::vector{0, 63, 5, 17}), ElementsAre(5, 17, 63, 0));
  EXPECT_THAT(filled.table.positions(), ElementsAre(5, 17, 63, 64));
  EXPECT_EQ(pool->pages_in_use(), 1U);
  EXPECT_THAT(before, ::testing::Not(::testing::Contains(filled.table.page_ids().front())));
}

TEST(SlotTable, KeepLeavesAForkAsItWas) {
  core::SplitMix64 random(5);
  const auto pool = std::make_shared<PagePool>(kPlainShape);
  const Filled original = filled_table(pool, 40, random);
  SlotTable fork = original.table;
  fork.keep(std::vector{39, 2});
  expect_holds(original.table, original.expected);
  EXPECT_EQ(pool->pages_in_use(), 4U);
}

TEST(SlotTable, KeepOfNothingEmptiesTheTable) {
  core::SplitMix64 random(6);
  const auto pool = std::make_shared<PagePool>(kPlainShape);
  Filled filled = filled_table(pool, 17, random);
  EXPECT_TRUE(filled.table.keep({}).empty());
  EXPECT_EQ(filled.table.stored(), 0);
  EXPECT_EQ(pool->pages_in_use(), 0U);
  EXPECT_EQ(filled.table.append(filled.expected.front().entry()), 0);
}

TEST(SlotTable, CountsBytesOfSlotsAndPages) {
  core::SplitMix64 random(7);
  const auto pool = std::make_shared<PagePool>(kPlainShape);
  const Filled filled = filled_table(pool, 17, random);
  EXPECT_EQ(filled.table.stored_bytes(), 17 * 2 * kPlainVector * sizeof(float));
  EXPECT_EQ(filled.table.page_ids().size(), 2U);
}

TEST(SlotTable, IsEmptyAfterItWasMovedFrom) {
  core::SplitMix64 random(8);
  const auto pool = std::make_shared<PagePool>(kPlainShape);
  {
    Filled filled = filled_table(pool, 20, random);
    const SlotTable taken = std::move(filled.table);
    expect_holds(taken, filled.expected);
    EXPECT_EQ(pool->references(taken.page_ids().front()), 1);
  }
  EXPECT_EQ(pool->pages_in_use(), 0U);
}

TEST(SlotTable, RefusesSlotsItDoesNotHoldAndVectorsOfAnotherSize) {
  core::SplitMix64 random(9);
  const auto pool = std::make_shared<PagePool>(kPlainShape);
  Filled filled = filled_table(pool, 5, random);
  const Stored stored = random_stored(5, random);
  EXPECT_THROW(filled.table.replace(5, stored.entry()), core::Error);
  EXPECT_THROW(filled.table.replace(-1, stored.entry()), core::Error);
  EXPECT_THROW(filled.table.keep(std::vector{0, 5}), core::Error);
  EXPECT_THROW(filled.table.keep(std::vector{1, 1}), core::Error);
  std::vector<float> short_key(kPlainVector - 1);
  EXPECT_THROW(filled.table.read_key(0, short_key), core::Error);
  EXPECT_THROW(filled.table.append({.key = short_key, .value = stored.value}), core::Error);
  EXPECT_THROW(filled.table.append({.key = stored.key, .value = short_key}), core::Error);
  expect_holds(filled.table, filled.expected);
}

}  // namespace
}  // namespace sketchscope::cache
