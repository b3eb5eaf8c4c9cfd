#include "gui/view/attention_grid.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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

/// Returns the level that stands for a value.
int level_of(float value, AttentionSide side) {
  if (side != AttentionSide::difference) return std::isnan(value) ? 0 : run::attention_code(value);
  const auto size = static_cast<int>(
      std::lround(kLargestLevel * std::sqrt(std::min(std::abs(value) / kLargestDifference, 1.0F))));
  return value < 0 ? -size : size;
}

constexpr std::array kSides = {AttentionSide::lane, AttentionSide::twin, AttentionSide::difference};

TEST(AttentionValue, IsThatOfTheRowAndCountsWhatIsGoneAsNothingInADifference) {
  core::SplitMix64 random(6);
  const auto row = invented_row(3, 40, random);
  for (int position = 0; position < 40; ++position) {
    const auto at = static_cast<std::size_t>((1 * 3 + 2) * 40 + position);
    const float lane = run::attention_mass(row->lane[at]);
    const float twin = run::attention_mass(row->twin[at]);
    const float found = attention_value(*row, 1, 2, AttentionSide::lane, position);
    EXPECT_TRUE(found == lane || (std::isnan(found) && std::isnan(lane)));
    EXPECT_EQ(attention_value(*row, 1, 2, AttentionSide::twin, position), twin);
    EXPECT_EQ(attention_value(*row, 1, 2, AttentionSide::difference, position),
              (std::isnan(lane) ? 0 : lane) - twin);
  }
}

TEST(AttentionRows, OfATwinAreThoseThatHaveOne) {
  core::SplitMix64 random(7);
  const std::vector<std::shared_ptr<const run::AttentionRow>> rows = {
      invented_row(3, 4, random, false), invented_row(4, 5, random)};
  EXPECT_EQ(rows_with(rows, AttentionSide::lane).size(), 2U);
  ASSERT_EQ(rows_with(rows, AttentionSide::difference).size(), 1U);
  EXPECT_EQ(rows_with(rows, AttentionSide::twin).front()->step, 4);
  EXPECT_EQ(rows_up_to(rows, 3).size(), 1U);
}

/// Expects what is shown to be the values of largest size of the rows' blocks of positions.
void expect_blocks(const ReducedAttention& shown, AttentionRows rows, AttentionSide side,
                   HeadSpan heads) {
  ASSERT_EQ(shown.queries(), static_cast<int>(rows.size()));
  const int joined = shown.positions_per_column();
  for (int query = 0; query < shown.queries(); ++query) {
    const run::AttentionRow& row = *rows[static_cast<std::size_t>(query)];
    ASSERT_EQ(shown.columns_of(query), (row.positions + joined - 1) / joined);
    for (int head = 0; head < heads.count; ++head) {
      const std::span<const std::int16_t> levels = shown.levels(query, head);
      const int all = heads.first + head;
      for (int column = 0; column < shown.columns_of(query); ++column) {
        int largest = 0;
        const int end = std::min((column + 1) * joined, row.positions);
        for (int position = column * joined; position < end; ++position) {
          const int level = level_of(
              attention_value(row, all / row.heads, all % row.heads, side, position), side);
          largest = std::max(largest, std::abs(level));
        }
        EXPECT_EQ(std::abs(levels[static_cast<std::size_t>(column)]), largest);
      }
    }
  }
}

TEST(ReducedAttention, KeepsTheLevelOfLargestSizeOfEachBlockOfPositions) {
  core::SplitMix64 random(8);
  std::vector<std::shared_ptr<const run::AttentionRow>> rows;
  for (int step = 20; step < 83; ++step) rows.push_back(invented_row(step, step + 1, random));
  for (const AttentionSide side : kSides) {
    for (const int most_columns : {1, 3, 7, 40, 83, 99}) {
      for (const HeadSpan heads : {HeadSpan{0, 6}, HeadSpan{4, 1}}) {
        ReducedAttention shown;
        shown.show(rows, side, heads, most_columns);
        EXPECT_LE(shown.columns(), most_columns);
        EXPECT_GE(shown.columns() * shown.positions_per_column(), 83);
        expect_blocks(shown, rows, side, heads);
      }
    }
  }
}

TEST(ReducedAttention, ThatFollowsARunEqualsOneThatIsMadeAtOnce) {
  core::SplitMix64 random(9);
  std::vector<std::shared_ptr<const run::AttentionRow>> rows;
  ReducedAttention following;
  for (int round = 0; round < 300; ++round) {
    const std::int64_t next = rows.empty() ? 0 : rows.back()->step + 1;
    rows.push_back(invented_row(next, static_cast<int>(next) + 1, random));
    if (rows.size() > 12) rows.erase(rows.begin(), rows.begin() + 1 + random.below(2));
    // A rewind takes steps back, which are then made anew with other values.
    if (random.below(20) == 0) rows.resize(1 + random.below(rows.size()));
    const AttentionSide side = kSides[random.below(round < 100 ? 1 : 3)];
    following.show(rows, side, {0, 6}, 16);
    expect_blocks(following, rows, side, {0, 6});
    const std::uint64_t revision = following.revision();
    following.show(rows, side, {0, 6}, 16);
    EXPECT_EQ(following.revision(), revision) << "nothing changed";
    rows.back() = invented_row(rows.back()->step, rows.back()->positions, random);
    following.show(rows, side, {0, 6}, 16);
    EXPECT_NE(following.revision(), revision) << "a row was replaced";
  }
  following.show({}, AttentionSide::lane, {0, 6}, 16);
  EXPECT_EQ(following.queries(), 0);
}

}  // namespace
}  // namespace sketchscope::view
