#include "gui/view/attention_grid.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>

namespace sketchscope::view {
namespace {

bool has_head(const run::AttentionRow& row, int layer, int head) {
  return layer >= 0 && layer < row.layers && head >= 0 && head < row.heads;
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

float attention_difference(std::uint8_t lane, std::uint8_t twin) {
  const float mass = run::attention_mass(lane);
  return (std::isnan(mass) ? 0 : mass) - run::attention_mass(twin);
}

float attention_value(const run::AttentionRow& row, int layer, int head, AttentionSide side,
                      int position) {
  const auto at = static_cast<std::size_t>(position);
  const auto code = [&](const std::vector<std::uint8_t>& codes) {
    return row.of(codes, layer, head)[at];
  };
  if (side == AttentionSide::lane) return run::attention_mass(code(row.lane));
  if (side == AttentionSide::twin) return run::attention_mass(code(row.twin));
  return attention_difference(code(row.lane), code(row.twin));
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
