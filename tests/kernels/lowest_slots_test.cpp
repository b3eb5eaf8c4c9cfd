#include "kernels/eviction.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

#include "kernels/kernel_error.hpp"
#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// Distinct positions in no order.
std::vector<int> shuffled_positions(std::mt19937& generator, std::size_t count) {
  std::vector<int> positions(count);
  std::iota(positions.begin(), positions.end(), 0);
  for (int& position : positions) position *= 3;
  std::ranges::shuffle(positions, generator);
  return positions;
}

class LowestSlotsOnEveryImplementation : public EveryImplementation {};

TEST_P(LowestSlotsOnEveryImplementation, NamesThoseOfTheReference) {
  std::mt19937 generator(7);
  // Few different scores, so that most of them are tied.
  const float scores_drawn[] = {0.0F, -0.0F, 1.5F, -2.0F, 1e-30F, kInfinity, -kInfinity, kNan};
  for (const std::size_t count : {0, 1, 2, 15, 16, 17, 64, 255, 256, 1000, 4097}) {
    for (int trial = 0; trial < 8; ++trial) {
      const std::vector<int> positions = shuffled_positions(generator, count);
      std::vector<float> scores = random_values(static_cast<unsigned>(trial), count);
      for (float& score : scores) {
        if (trial % 2 == 1) score = scores_drawn[generator() % std::size(scores_drawn)];
      }
      const int last = 3 * static_cast<int>(count);
      for (const PositionRange range : {PositionRange{0, last}, PositionRange{4, last - 9},
                                        PositionRange{last / 2, last / 2 + 4}, PositionRange{9, 9},
                                        PositionRange{1, std::numeric_limits<int>::max()}}) {
        EXPECT_EQ(GetParam().lowest_slots(positions, scores, range),
                  reference::lowest_slots(positions, scores, range))
            << count << " slots, positions " << range.first << " to " << range.end;
      }
    }
  }
}

TEST_P(LowestSlotsOnEveryImplementation, TakesTheLowerPositionOfEqualScores) {
  const std::vector<int> positions{8, 2, 5};
  const std::vector<float> scores{0.0F, -0.0F, 0.0F};
  EXPECT_EQ(GetParam().lowest_slots(positions, scores, {0, 9}), (LowestSlots{1, 2, 3}));
}

TEST_P(LowestSlotsOnEveryImplementation, CountsWhatIsNoNumberAsTheLowest) {
  const std::vector<int> positions{0, 1, 2};
  const std::vector<float> scores{-kInfinity, kNan, -5.0F};
  EXPECT_EQ(GetParam().lowest_slots(positions, scores, {0, 3}), (LowestSlots{0, 1, 3}));
}

TEST_P(LowestSlotsOnEveryImplementation, RefusesScoresForOtherSlots) {
  EXPECT_THROW(GetParam().lowest_slots(std::vector<int>(3), std::vector<float>(2), {0, 3}),
               KernelError);
}

INSTANTIATE_TEST_SUITE_P(Implementations, LowestSlotsOnEveryImplementation,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

}  // namespace
}  // namespace sketchscope::kernels
