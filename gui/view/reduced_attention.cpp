#include "gui/view/reduced_attention.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <utility>

namespace sketchscope::view {
namespace {

constexpr std::size_t kCodes = 256;

/// Returns the levels of differences by code of the lane and code of the twin.
const std::vector<std::int16_t>& difference_levels() {
  static const std::vector<std::int16_t> levels = [] {
    std::vector<std::int16_t> all;
    all.reserve(kCodes * kCodes);
    for (std::size_t lane = 0; lane < kCodes; ++lane) {
      for (std::size_t twin = 0; twin < kCodes; ++twin) {
        const float difference =
            attention_difference(static_cast<std::uint8_t>(lane), static_cast<std::uint8_t>(twin));
        const float size = std::min(std::sqrt(std::abs(difference) / kLargestDifference), 1.0F);
        const auto level = static_cast<std::int16_t>(std::lround(kLargestLevel * size));
        all.push_back(static_cast<std::int16_t>(difference < 0 ? -level : level));
      }
    }
    return all;
  }();
  return levels;
}

/// Returns the largest code, which is that of the largest mass.
std::uint8_t largest_of(std::span<const std::uint8_t> codes) {
  // Copies of fixed size are compared by the compiler in one instruction.
  using Group = std::array<std::uint8_t, 16>;
  Group largest{};
  while (codes.size() >= largest.size()) {
    Group group;
    std::copy_n(codes.begin(), group.size(), group.begin());
    for (std::size_t i = 0; i < group.size(); ++i) largest[i] = std::max(largest[i], group[i]);
    codes = codes.subspan(group.size());
  }
  std::uint8_t all = *std::ranges::max_element(largest);
  for (const std::uint8_t code : codes) all = std::max(all, code);
  return all;
}

std::int16_t largest_difference(std::span<const std::uint8_t> lane,
                                std::span<const std::uint8_t> twin) {
  std::int16_t largest = 0;
  for (std::size_t i = 0; i < lane.size(); ++i) {
    const std::int16_t level = difference_levels()[lane[i] * kCodes + twin[i]];
    if (std::abs(level) > std::abs(largest)) largest = level;
  }
  return largest;
}

std::int16_t larger_of(std::int16_t one, std::int16_t other) {
  return std::abs(other) > std::abs(one) ? other : one;
}

/// Puts levels of larger size in the place of those that are there.
void take_larger(std::span<const std::int16_t> levels, std::span<std::int16_t> into) {
  for (std::size_t i = 0; i < levels.size(); ++i) into[i] = larger_of(into[i], levels[i]);
}

int groups_of(int count, int size) {
  return (count + size - 1) / size;
}

/// Returns the power of two by which things are joined so that there are at most `most` groups.
int joined_to_fit(int count, int most) {
  int joined = 1;
  while (groups_of(count, joined) > most) joined *= 2;
  return joined;
}

}  // namespace

void ReducedAttention::show(AttentionRows rows, AttentionSide side, HeadSpan heads,
                            AttentionRoom room) {
  if (rows.empty() || room.columns <= 0 || room.rows <= 0) {
    blocks_.clear();
    columns_ = 0;
    ++revision_;
    return;
  }
  const int positions = joined_to_fit(rows.back()->positions, room.columns);
  const int queries = joined_to_fit(static_cast<int>(rows.size()), room.rows);
  const bool same_way = side == side_ && heads == heads_ && positions == positions_per_column_ &&
                        queries == queries_per_block_;
  if (!same_way) blocks_.clear();
  side_ = side;
  heads_ = heads;
  positions_per_column_ = positions;
  queries_per_block_ = queries;
  columns_ = groups_of(rows.back()->positions, positions);
  std::vector<Block> shown;
  auto known = blocks_.begin();
  bool changed = false;
  for (rows = without_partial_block(rows); !rows.empty();) {
    const std::int64_t number = number_of(*rows.front());
    const auto end =
        std::ranges::find_if(rows, [&](const auto& row) { return number_of(*row) != number; });
    const AttentionRows group = rows.first(static_cast<std::size_t>(end - rows.begin()));
    rows = rows.subspan(group.size());
    while (known != blocks_.end() && number_of(*known->sources.front()) < number) ++known;
    const bool grew = known != blocks_.end() && known->sources.size() <= group.size() &&
                      std::ranges::equal(known->sources, group.first(known->sources.size()));
    shown.push_back(grew ? std::move(*known++) : Block{});
    changed = extend(shown.back(), group) || changed;
  }
  changed = changed || shown.size() != blocks_.size();
  blocks_ = std::move(shown);
  if (changed) ++revision_;
}

AttentionRows ReducedAttention::without_partial_block(AttentionRows rows) const {
  if (rows.front()->step % queries_per_block_ == 0) return rows;
  const std::int64_t partial = number_of(*rows.front());
  const auto whole =
      std::ranges::find_if(rows, [&](const auto& row) { return number_of(*row) != partial; });
  return whole == rows.end() ? rows : AttentionRows(whole, rows.end());
}

bool ReducedAttention::extend(Block& block, AttentionRows rows) {
  if (block.sources.size() == rows.size()) return false;
  for (const auto& row : rows.subspan(block.sources.size())) add(block, row);
  block.revision = ++revision_;
  return true;
}

void ReducedAttention::add(Block& block,
                           const std::shared_ptr<const run::AttentionRow>& row) const {
  std::vector<std::int16_t> levels = reduced(*row);
  const int columns = groups_of(row->positions, positions_per_column_);
  const auto width = static_cast<std::size_t>(columns);
  const auto known = static_cast<std::size_t>(block.columns);
  for (std::size_t head = 0; known > 0 && head < static_cast<std::size_t>(heads_.count); ++head) {
    take_larger(std::span(block.levels).subspan(head * known, known),
                std::span(levels).subspan(head * width, width));
  }
  block.sources.push_back(row);
  block.levels = std::move(levels);
  block.columns = columns;
}

std::vector<std::int16_t> ReducedAttention::reduced(const run::AttentionRow& row) const {
  const auto joined = static_cast<std::size_t>(positions_per_column_);
  const auto positions = static_cast<std::size_t>(row.positions);
  std::vector<std::int16_t> levels;
  levels.reserve((positions + joined - 1) / joined * static_cast<std::size_t>(heads_.count));
  for (int head = heads_.first; head < heads_.first + heads_.count; ++head) {
    const auto codes = [&](const std::vector<std::uint8_t>& side) {
      return row.of(side, head / row.heads, head % row.heads);
    };
    const auto shown = codes(side_ == AttentionSide::twin ? row.twin : row.lane);
    for (std::size_t first = 0; first < positions; first += joined) {
      const std::size_t count = std::min(joined, positions - first);
      const auto block = shown.subspan(first, count);
      levels.push_back(side_ == AttentionSide::difference
                           ? largest_difference(block, codes(row.twin).subspan(first, count))
                           : static_cast<std::int16_t>(count == 1 ? block[0] : largest_of(block)));
    }
  }
  return levels;
}

int ReducedAttention::queries() const {
  return std::accumulate(blocks_.begin(), blocks_.end(), 0, [](int sum, const Block& block) {
    return sum + static_cast<int>(block.sources.size());
  });
}

int ReducedAttention::lacking() const {
  if (blocks_.empty()) return 0;
  return queries_per_block_ - static_cast<int>(blocks_.back().sources.size());
}

std::span<const std::int16_t> ReducedAttention::levels(int block, int head) const {
  const auto columns = static_cast<std::size_t>(columns_of(block));
  return std::span(at(block).levels).subspan(static_cast<std::size_t>(head) * columns, columns);
}

}  // namespace sketchscope::view
