#include "gui/view/attention_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

namespace sketchscope::view {
namespace {

constexpr float kNotStored = std::numeric_limits<float>::quiet_NaN();

bool has_head(const run::AttentionRow& row, int layer, int head) {
  return layer >= 0 && layer < row.layers && head >= 0 && head < row.heads;
}

const std::array<float, 256>& mass_of_code() {
  static const std::array<float, 256> masses = [] {
    std::array<float, 256> all{};
    for (std::size_t code = 0; code < all.size(); ++code) {
      all[code] = run::attention_mass(static_cast<std::uint8_t>(code));
    }
    return all;
  }();
  return masses;
}

float value_of(const run::AttentionRow& row, int layer, int head, AttentionSide side,
               std::size_t position) {
  const auto mass = [&](const std::vector<std::uint8_t>& codes) {
    return mass_of_code()[row.of(codes, layer, head)[position]];
  };
  if (side == AttentionSide::lane) return mass(row.lane);
  if (side == AttentionSide::twin) return mass(row.twin);
  const float lane = mass(row.lane);
  return (std::isnan(lane) ? 0 : lane) - mass(row.twin);
}

/// Returns the value of largest size of these rows and of the positions [first, end).
float most_of_block(AttentionRows rows, int layer, int head, AttentionSide side, int first,
                    int end) {
  float most = kNotStored;
  std::uint8_t most_code = 0;
  for (const auto& row : rows) {
    if (!has_head(*row, layer, head) || (side != AttentionSide::lane && row->twin.empty()))
      continue;
    const auto last = static_cast<std::size_t>(std::min(end, row->positions));
    const auto begin = std::min(static_cast<std::size_t>(first), last);
    if (side == AttentionSide::difference) {
      for (std::size_t position = begin; position < last; ++position) {
        const float value = value_of(*row, layer, head, side, position);
        if (!(std::abs(value) <= std::abs(most))) most = value;
      }
      continue;
    }
    // Codes are in the order of their masses.
    const auto codes = row->of(side == AttentionSide::lane ? row->lane : row->twin, layer, head);
    for (const std::uint8_t code : codes.subspan(begin, last - begin)) {
      most_code = std::max(most_code, code);
    }
  }
  return side == AttentionSide::difference ? most : mass_of_code()[most_code];
}

}  // namespace

AttentionRows rows_up_to(AttentionRows rows, std::int64_t step) {
  const auto end = std::ranges::find_if(rows, [&](const auto& row) { return row->step > step; });
  return rows.first(static_cast<std::size_t>(end - rows.begin()));
}

AttentionMatrix attention_matrix(AttentionRows rows, int layer, int head, AttentionSide side) {
  AttentionMatrix matrix;
  if (rows.empty() || !has_head(*rows.back(), layer, head)) return matrix;
  const bool needs_twin = side != AttentionSide::lane;
  if (needs_twin && rows.back()->twin.empty()) return matrix;
  matrix.positions = rows.back()->positions;
  for (const auto& row : rows) {
    if (!has_head(*row, layer, head) || (needs_twin && row->twin.empty())) continue;
    matrix.steps.push_back(row->step);
    matrix.last.push_back(row->positions - 1);
    for (int position = 0; position < matrix.positions; ++position) {
      matrix.values.push_back(
          position < row->positions
              ? value_of(*row, layer, head, side, static_cast<std::size_t>(position))
              : kNotStored);
    }
    ++matrix.queries;
  }
  return matrix;
}

AttentionMatrix small_attention_matrix(AttentionRows rows, int layer, int head, AttentionSide side,
                                       int most_rows, int most_columns) {
  AttentionMatrix small;
  if (rows.empty() || most_rows <= 0 || most_columns <= 0) return small;
  const bool needs_twin = side != AttentionSide::lane;
  if (!has_head(*rows.back(), layer, head) || (needs_twin && rows.back()->twin.empty()))
    return small;
  const auto queries = static_cast<int>(rows.size());
  const int positions = rows.back()->positions;
  small.queries = std::min(most_rows, queries);
  small.positions = std::min(most_columns, positions);
  small.values.reserve(static_cast<std::size_t>(small.queries) *
                       static_cast<std::size_t>(small.positions));
  for (int block = 0; block < small.queries; ++block) {
    const auto first = static_cast<std::size_t>(block * queries / small.queries);
    const auto end = static_cast<std::size_t>((block + 1) * queries / small.queries);
    const auto block_rows = rows.subspan(first, end - first);
    small.steps.push_back(block_rows.back()->step);
    small.last.push_back((block_rows.back()->positions - 1) * small.positions / positions);
    for (int column = 0; column < small.positions; ++column) {
      small.values.push_back(most_of_block(block_rows, layer, head, side,
                                           column * positions / small.positions,
                                           (column + 1) * positions / small.positions));
    }
  }
  return small;
}

DataTable attention_matrix_data(AttentionRows rows, int layer, int head) {
  DataTable table{.columns = {"step", "query", "key", "lane", "twin"}};
  for (const auto& row : rows) {
    if (!has_head(*row, layer, head)) continue;
    for (int position = 0; position < row->positions; ++position) {
      const auto at = static_cast<std::size_t>(position);
      table.rows.push_back(
          {std::to_string(row->step), std::to_string(row->positions - 1), std::to_string(position),
           exact_text(value_of(*row, layer, head, AttentionSide::lane, at)),
           row->twin.empty() ? std::string()
                             : exact_text(value_of(*row, layer, head, AttentionSide::twin, at))});
    }
  }
  return table;
}

}  // namespace sketchscope::view
