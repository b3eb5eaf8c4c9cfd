#include "gui/view/attention_grid.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "engine/core/random.hpp"

namespace sketchscope::view {
namespace {

std::shared_ptr<const run::AttentionRow> invented_row(std::int64_t step, int positions,
                                                      core::SplitMix64& random, bool twin = true) {
  auto row = std::make_shared<run::AttentionRow>(
      run::AttentionRow{.step = step, .layers = 2, .heads = 3, .positions = positions});
  for (int i = 0; i < 2 * 3 * positions; ++i) {
    row->lane.push_back(static_cast<std::uint8_t>(random.below(256)));
    if (twin) row->twin.push_back(static_cast<std::uint8_t>(1 + random.below(255)));
  }
  return row;
}

TEST(AttentionCode, KeepsMassesToTwoThousandthsAndTellsWhatIsNotStored) {
  EXPECT_TRUE(std::isnan(run::attention_mass(0)));
  EXPECT_EQ(run::attention_code(0), 1);
  EXPECT_EQ(run::attention_code(1), 255);
  for (int i = 0; i <= 1000; ++i) {
    const float mass = static_cast<float>(i) / 1000;
    EXPECT_NEAR(run::attention_mass(run::attention_code(mass)), mass,
                2 * std::sqrt(mass) / 508 + 1e-5);
  }
}

TEST(AttentionMatrix, IsTheHeadsAttentionOfEachQueryUpToTheStep) {
  core::SplitMix64 random(5);
  std::vector<std::shared_ptr<const run::AttentionRow>> rows;
  for (int step = 10; step < 20; ++step) rows.push_back(invented_row(step, step + 1, random));
  const AttentionMatrix matrix = attention_matrix(rows_up_to(rows, 16), 1, 2, AttentionSide::lane);
  ASSERT_EQ(matrix.queries, 7);
  ASSERT_EQ(matrix.positions, 17);
  for (int query = 0; query < 7; ++query) {
    for (int position = 0; position < 17; ++position) {
      const float value = matrix.values[static_cast<std::size_t>(query * 17 + position)];
      const run::AttentionRow& row = *rows[static_cast<std::size_t>(query)];
      if (position >= row.positions) {
        EXPECT_TRUE(std::isnan(value)) << "a query does not see what follows it";
        continue;
      }
      const float expected = run::attention_mass(
          row.lane[static_cast<std::size_t>((1 * 3 + 2) * row.positions + position)]);
      EXPECT_TRUE(value == expected || (std::isnan(value) && std::isnan(expected)));
    }
  }
}

TEST(AttentionMatrix, OfADifferenceNeedsATwinAndCountsWhatIsGoneAsNothing) {
  core::SplitMix64 random(6);
  const std::vector<std::shared_ptr<const run::AttentionRow>> alone = {
      invented_row(3, 4, random, false)};
  EXPECT_EQ(attention_matrix(alone, 0, 0, AttentionSide::difference).queries, 0);
  const std::vector<std::shared_ptr<const run::AttentionRow>> both = {invented_row(3, 4, random)};
  for (const float value : attention_matrix(both, 0, 0, AttentionSide::difference).values) {
    EXPECT_FALSE(std::isnan(value));
  }
  EXPECT_EQ(attention_matrix(both, 5, 0, AttentionSide::lane).queries, 0) << "no such layer";
}

TEST(SmallAttentionMatrix, KeepsTheValueOfLargestSizeOfEachBlock) {
  core::SplitMix64 random(8);
  std::vector<std::shared_ptr<const run::AttentionRow>> rows;
  for (int step = 20; step < 33; ++step) rows.push_back(invented_row(step, step + 1, random));
  for (const AttentionSide side :
       {AttentionSide::lane, AttentionSide::twin, AttentionSide::difference}) {
    const AttentionMatrix whole = attention_matrix(rows, 1, 0, side);
    const AttentionMatrix small = small_attention_matrix(rows, 1, 0, side, 5, 7);
    ASSERT_EQ(small.queries, 5);
    ASSERT_EQ(small.positions, 7);
    for (int row = 0; row < 5; ++row) {
      for (int column = 0; column < 7; ++column) {
        float most = NAN;
        for (int query = row * 13 / 5; query < (row + 1) * 13 / 5; ++query) {
          for (int position = column * 33 / 7; position < (column + 1) * 33 / 7; ++position) {
            const float value = whole.values[static_cast<std::size_t>(query * 33 + position)];
            if (std::isnan(value)) continue;
            if (std::isnan(most) || std::abs(value) > std::abs(most)) most = value;
          }
        }
        const float found = small.values[static_cast<std::size_t>(row * 7 + column)];
        EXPECT_TRUE(std::abs(found) == std::abs(most) || (std::isnan(found) && std::isnan(most)))
            << row << " " << column;
      }
    }
    const AttentionMatrix same = small_attention_matrix(rows, 1, 0, side, 99, 99);
    EXPECT_EQ(same.values.size(), whole.values.size()) << "a matrix that fits is not reduced";
  }
}

}  // namespace
}  // namespace sketchscope::view
