#include "gui/view/reduced_attention.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "engine/core/random.hpp"
#include "tests/support/invented_attention.hpp"

namespace sketchscope::view {
namespace {

using Rows = std::vector<std::shared_ptr<const run::AttentionRow>>;

/// Returns the level that stands for a value.
int level_of(float value, AttentionSide side) {
  if (side != AttentionSide::difference) return std::isnan(value) ? 0 : run::attention_code(value);
  const auto size = static_cast<int>(
      std::lround(kLargestLevel * std::sqrt(std::min(std::abs(value) / kLargestDifference, 1.0F))));
  return value < 0 ? -size : size;
}

constexpr std::array kSides = {AttentionSide::lane, AttentionSide::twin, AttentionSide::difference};

/// Returns the last rows that make up whole blocks of queries, or all of them if they share one, in
/// their blocks.
std::vector<Rows> blocks_of(const Rows& rows, int queries) {
  std::map<std::int64_t, Rows> blocks;
  for (const auto& row : rows) blocks[row->step / queries].push_back(row);
  const bool partial = rows.front()->step % queries != 0;
  if (partial && blocks.size() > 1) blocks.erase(blocks.begin());
  std::vector<Rows> found;
  for (const auto& [number, block] : blocks) found.push_back(block);
  return found;
}

/// Returns the levels of largest size of some rows in the positions [first, end): one, or that size
/// with either sign.
std::set<int> largest_levels(const Rows& rows, int head, AttentionSide side, int first, int end) {
  std::set<int> largest = {0};
  for (const auto& row : rows) {
    for (int position = first; position < std::min(end, row->positions); ++position) {
      const int level = level_of(
          attention_value(*row, head / row->heads, head % row->heads, side, position), side);
      if (std::abs(level) > std::abs(*largest.begin())) largest.clear();
      if (largest.empty() || std::abs(level) == std::abs(*largest.begin())) largest.insert(level);
    }
  }
  return largest;
}

/// Expects what is shown to be the values of largest size of the rows' blocks of queries and
/// positions.
void expect_blocks(const ReducedAttention& shown, const Rows& rows, AttentionSide side,
                   HeadSpan heads) {
  const std::vector<Rows> blocks = blocks_of(rows, shown.queries_per_block());
  ASSERT_EQ(shown.blocks(), std::ssize(blocks));
  const int joined = shown.positions_per_column();
  for (int block = 0; block < shown.blocks(); ++block) {
    const Rows& queries = blocks[static_cast<std::size_t>(block)];
    const int positions = queries.back()->positions;
    ASSERT_EQ(shown.columns_of(block), (positions + joined - 1) / joined);
    for (int head = 0; head < heads.count; ++head) {
      const std::span<const std::int16_t> levels = shown.levels(block, head);
      for (int column = 0; column < shown.columns_of(block); ++column) {
        EXPECT_EQ(largest_levels(queries, heads.first + head, side, column * joined,
                                 (column + 1) * joined)
                      .count(levels[static_cast<std::size_t>(column)]),
                  1U);
      }
    }
  }
}

TEST(ReducedAttention, KeepsTheLevelOfLargestSizeOfEachBlockOfQueriesAndPositions) {
  core::SplitMix64 random(8);
  Rows rows;
  for (int step = 20; step < 83; ++step) {
    rows.push_back(test::invented_attention(step, step + 1, random));
  }
  for (const AttentionSide side : kSides) {
    for (const AttentionRoom room : {AttentionRoom{1, 99}, {3, 5}, {7, 63}, {40, 1}, {83, 17}}) {
      for (const HeadSpan heads : {HeadSpan{0, 6}, HeadSpan{4, 1}}) {
        ReducedAttention shown;
        shown.show(rows, side, heads, room);
        EXPECT_LE(shown.columns(), room.columns);
        EXPECT_LE(shown.blocks(), room.rows);
        EXPECT_GE(shown.columns() * shown.positions_per_column(), 83);
        expect_blocks(shown, rows, side, heads);
      }
    }
  }
}

TEST(ReducedAttention, ShowsEveryQueryWhereThereIsRoomForThem) {
  core::SplitMix64 random(10);
  Rows rows;
  for (int step = 5; step < 12; ++step) {
    rows.push_back(test::invented_attention(step, step + 1, random));
  }
  ReducedAttention shown;
  shown.show(rows, AttentionSide::lane, {0, 6}, {99, 7});
  EXPECT_EQ(shown.queries_per_block(), 1);
  EXPECT_EQ(shown.queries(), 7);
  EXPECT_EQ(shown.positions_per_column(), 1);
}

TEST(ReducedAttention, ThatFollowsARunEqualsOneThatIsMadeAtOnce) {
  core::SplitMix64 random(9);
  for (const int most_rows : {99, 4}) {
    Rows rows;
    ReducedAttention following;
    for (int round = 0; round < 200; ++round) {
      const std::int64_t next = rows.empty() ? 0 : rows.back()->step + 1;
      rows.push_back(test::invented_attention(next, static_cast<int>(next) + 1, random));
      if (rows.size() > 12) rows.erase(rows.begin(), rows.begin() + 1 + random.below(2));
      // A rewind takes steps back, which are then made anew with other values.
      if (random.below(20) == 0) rows.resize(1 + random.below(rows.size()));
      const AttentionSide side = kSides[random.below(round < 100 ? 1 : 3)];
      const AttentionRoom room{16, most_rows};
      following.show(rows, side, {0, 6}, room);
      expect_blocks(following, rows, side, {0, 6});
      const std::uint64_t revision = following.revision();
      following.show(rows, side, {0, 6}, room);
      EXPECT_EQ(following.revision(), revision) << "nothing changed";
      rows.back() = test::invented_attention(rows.back()->step, rows.back()->positions, random);
      following.show(rows, side, {0, 6}, room);
      EXPECT_NE(following.revision(), revision) << "a row was replaced";
    }
    following.show({}, AttentionSide::lane, {0, 6}, {16, most_rows});
    EXPECT_EQ(following.queries(), 0);
  }
}

TEST(ReducedAttention, CountsTheQueriesThatThereAreWhereSomeAreMissing) {
  core::SplitMix64 random(12);
  Rows rows;
  for (int step = 0; step < 16; ++step) {
    if (step == 5 || step == 9) continue;
    rows.push_back(test::invented_attention(step, step + 1, random));
  }
  ReducedAttention shown;
  shown.show(rows, AttentionSide::lane, {0, 6}, {99, 4});
  EXPECT_EQ(shown.queries_per_block(), 4);
  EXPECT_EQ(shown.queries(), 14);
  EXPECT_EQ(shown.lacking(), 0);
  expect_blocks(shown, rows, AttentionSide::lane, {0, 6});
}

TEST(ReducedAttention, TellsABlockThatChangedFromThoseThatDidNot) {
  core::SplitMix64 random(11);
  Rows rows;
  for (int step = 0; step < 16; ++step) {
    rows.push_back(test::invented_attention(step, step + 1, random));
  }
  ReducedAttention shown;
  shown.show(std::span(rows).first(14), AttentionSide::lane, {0, 6}, {99, 4});
  ASSERT_EQ(shown.blocks(), 4);
  std::vector<std::uint64_t> before;
  for (int block = 0; block < 4; ++block) before.push_back(shown.revision_of(block));
  shown.show(rows, AttentionSide::lane, {0, 6}, {99, 4});
  for (int block = 0; block < 3; ++block) {
    EXPECT_EQ(shown.revision_of(block), before[static_cast<std::size_t>(block)]);
  }
  EXPECT_EQ(std::ranges::count(before, shown.revision_of(3)), 0);
}

}  // namespace
}  // namespace sketchscope::view
