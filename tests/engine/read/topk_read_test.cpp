#include "engine/read/read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "engine/core/random.hpp"

namespace sketchscope::read {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<int> chosen(const SlotChoice& choice) {
  std::vector<int> slots{99};  // what was there before must not stay
  read_kinds().at("topk").make()->choose_slots(choice, slots);
  return slots;
}

TEST(TopKRead, TakesHighestScoresSinksAndTheRecentWindow) {
  const std::vector<int> positions{0, 9, 2, 3, 8, 5};
  const std::vector<float> importance{0, 0, 4, 7, 1, 6};
  EXPECT_THAT(chosen({.positions = positions,
                      .importance = importance,
                      .protection = {.sinks = 1, .recent = 1},
                      .read_k = 2}),
              ElementsAre(0, 1, 3, 5));
}

TEST(TopKRead, PrefersTheLaterPositionWhereScoresAreEqual) {
  const std::vector<int> positions{4, 7, 5, 6};
  const std::vector<float> importance(4, 1.0F);
  EXPECT_THAT(chosen({.positions = positions, .importance = importance, .read_k = 2}),
              ElementsAre(1, 3));
}

TEST(TopKRead, CountsAScoreThatIsNoNumberAsTheLowest) {
  const std::vector<int> positions{0, 1, 2};
  const std::vector<float> importance{std::numeric_limits<float>::quiet_NaN(), -5, 0};
  EXPECT_THAT(chosen({.positions = positions, .importance = importance, .read_k = 2}),
              ElementsAre(1, 2));
}

TEST(TopKRead, NamesNoSlotsWhereItTakesAll) {
  const std::vector<int> positions{0, 1, 2};
  const std::vector<float> importance{1, 2, 3};
  EXPECT_THAT(chosen({.positions = positions, .importance = importance, .read_k = 3}), IsEmpty());
  EXPECT_THAT(chosen({.positions = positions,
                      .importance = importance,
                      .protection = {.sinks = 1, .recent = 2},
                      .read_k = 1}),
              IsEmpty());
}

TEST(TopKRead, SkipsNothingBetterThanWhatItTakes) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    core::SplitMix64 random(seed);
    const int stored = 2 + static_cast<int>(random.below(60));
    std::vector<int> positions;
    std::vector<float> importance;
    for (int slot = 0; slot < stored; ++slot) {
      positions.push_back(3 * slot);
      importance.push_back(static_cast<float>(random.below(10)));
    }
    std::ranges::swap_ranges(std::span(positions).first(stored / 2),
                             std::span(positions).last(stored / 2));
    const int k = 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(stored)));
    const auto slots = chosen({.positions = positions, .importance = importance, .read_k = k});
    if (slots.empty()) {
      EXPECT_EQ(k, stored);
      continue;
    }
    EXPECT_EQ(static_cast<int>(slots.size()), k) << "seed " << seed;
    EXPECT_TRUE(std::ranges::is_sorted(slots));
    float least = importance[static_cast<std::size_t>(slots.front())];
    for (const int slot : slots)
      least = std::min(least, importance[static_cast<std::size_t>(slot)]);
    for (int slot = 0; slot < stored; ++slot) {
      if (std::ranges::binary_search(slots, slot)) continue;
      EXPECT_LE(importance[static_cast<std::size_t>(slot)], least) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace sketchscope::read
