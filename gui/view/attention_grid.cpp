#include "gui/view/attention_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string>

namespace sketchscope::view {
namespace {

constexpr std::size_t kCodes = 256;

bool has_head(const run::AttentionRow& row, int layer, int head) {
  return layer >= 0 && layer < row.layers && head >= 0 && head < row.heads;
}

float difference_of(std::uint8_t lane, std::uint8_t twin) {
  const float mass = run::attention_mass(lane);
  return (std::isnan(mass) ? 0 : mass) - run::attention_mass(twin);
}

/// Returns the levels of differences by code of the lane and code of the twin.
const std::vector<std::int16_t>& difference_levels() {
  static const std::vector<std::int16_t> levels = [] {
    std::vector<std::int16_t> all;
    all.reserve(kCodes * kCodes);
    for (std::size_t lane = 0; lane < kCodes; ++lane) {
      for (std::size_t twin = 0; twin < kCodes; ++twin) {
        const float difference =
            difference_of(static_cast<std::uint8_t>(lane), static_cast<std::uint8_t>(twin));
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

}  // namespace

AttentionRows rows_up_to(AttentionRows rows, std::int64_t step) {
  const auto end = std::ranges::find_if(rows, [&](const auto& row) { return row->step > step; });
  return rows.first(static_cast<std::size_t>(end - rows.begin()));
}

std::vector<std::shared_ptr<const run::AttentionRow>> rows_with(AttentionRows rows,
                                                                AttentionSide side) {
  std::vector<std::shared_ptr<const run::AttentionRow>> found;
  std::ranges::copy_if(rows, std::back_inserter(found), [&](const auto& row) {
    return side == AttentionSide::lane || !row->twin.empty();
  });
  return found;
}

float attention_value(const run::AttentionRow& row, int layer, int head, AttentionSide side,
                      int position) {
  const auto at = static_cast<std::size_t>(position);
  const auto code = [&](const std::vector<std::uint8_t>& codes) {
    return row.of(codes, layer, head)[at];
  };
  if (side == AttentionSide::lane) return run::attention_mass(code(row.lane));
  if (side == AttentionSide::twin) return run::attention_mass(code(row.twin));
  return difference_of(code(row.lane), code(row.twin));
}

void ReducedAttention::show(AttentionRows rows, AttentionSide side, HeadSpan heads,
                            int most_columns) {
  if (rows.empty() || most_columns <= 0) {
    rows_.clear();
    columns_ = 0;
    ++revision_;
    return;
  }
  // Whole positions a column keep a column's place while the run grows, so that rows stay as read.
  const int positions = rows.back()->positions;
  const int joined = (positions + most_columns - 1) / most_columns;
  if (side != side_ || heads != heads_ || joined != positions_per_column_) rows_.clear();
  side_ = side;
  heads_ = heads;
  positions_per_column_ = joined;
  columns_ = (positions + joined - 1) / joined;
  std::vector<Row> shown;
  shown.reserve(rows.size());
  bool all_known = rows.size() == rows_.size();
  auto known = rows_.begin();
  for (const auto& row : rows) {
    while (known != rows_.end() && known->source->step < row->step) ++known;
    const bool same = known != rows_.end() && known->source == row;
    all_known = all_known && same;
    shown.push_back(same ? std::move(*known++) : reduced(row));
  }
  rows_ = std::move(shown);
  // The columns are those of the last row, so they are the same where all rows are.
  if (!all_known) ++revision_;
}

ReducedAttention::Row ReducedAttention::reduced(
    const std::shared_ptr<const run::AttentionRow>& row) const {
  const auto joined = static_cast<std::size_t>(positions_per_column_);
  const auto positions = static_cast<std::size_t>(row->positions);
  const std::size_t columns = (positions + joined - 1) / joined;
  Row small{.source = row, .columns = static_cast<int>(columns), .levels = {}};
  small.levels.reserve(columns * static_cast<std::size_t>(heads_.count));
  for (int head = heads_.first; head < heads_.first + heads_.count; ++head) {
    const auto codes = [&](const std::vector<std::uint8_t>& side) {
      return row->of(side, head / row->heads, head % row->heads);
    };
    const auto shown = codes(side_ == AttentionSide::twin ? row->twin : row->lane);
    for (std::size_t first = 0; first < positions; first += joined) {
      const std::size_t count = std::min(joined, positions - first);
      const auto block = shown.subspan(first, count);
      small.levels.push_back(
          side_ == AttentionSide::difference
              ? largest_difference(block, codes(row->twin).subspan(first, count))
              : static_cast<std::int16_t>(count == 1 ? block[0] : largest_of(block)));
    }
  }
  return small;
}

int ReducedAttention::columns_of(int query) const {
  return rows_[static_cast<std::size_t>(query)].columns;
}

std::span<const std::int16_t> ReducedAttention::levels(int query, int head) const {
  const Row& row = rows_[static_cast<std::size_t>(query)];
  const auto columns = static_cast<std::size_t>(row.columns);
  return std::span(row.levels).subspan(static_cast<std::size_t>(head) * columns, columns);
}

DataTable attention_matrix_data(AttentionRows rows, int layer, int head) {
  DataTable table{.columns = {"step", "query", "key", "lane", "twin"}};
  for (const auto& row : rows) {
    if (!has_head(*row, layer, head)) continue;
    for (int position = 0; position < row->positions; ++position) {
      table.rows.push_back(
          {std::to_string(row->step), std::to_string(row->positions - 1), std::to_string(position),
           exact_text(attention_value(*row, layer, head, AttentionSide::lane, position)),
           row->twin.empty()
               ? std::string()
               : exact_text(attention_value(*row, layer, head, AttentionSide::twin, position))});
    }
  }
  return table;
}

}  // namespace sketchscope::view
