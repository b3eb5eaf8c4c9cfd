#include "gui/view/attention_map.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "gui/plot/value_format.hpp"

namespace sketchscope::view {
namespace {

constexpr float kDecades = 4;  // powers of ten below mass 1 that the colours spread over

float stored_mass(float mass) {
  return std::isnan(mass) ? 0.0F : mass;
}

// Keeps the value of larger magnitude; any number replaces NaN.
void take_larger(float& pixel, float value) {
  if (std::isnan(pixel) || std::abs(value) > std::abs(pixel)) pixel = value;
}

}  // namespace

AttentionMap attention_map(const run::LayerState& state, int head_count, PositionRange shown,
                           int columns) {
  AttentionMap map;
  const auto heads = static_cast<std::size_t>(head_count);
  const std::size_t fed = state.attention.size() / heads;
  if (fed == 0 || columns <= 0) return map;
  map.positions = static_cast<int>(fed);
  const bool has_twin = state.twin_attention.size() == state.attention.size();
  map.heads = head_count;
  map.columns = std::min(columns, shown.count());
  const auto column_of = [&](int position) {
    return (position - shown.first) * map.columns / shown.count();
  };
  const int end = std::min(map.positions, shown.end);
  map.filled = end > shown.first ? column_of(end - 1) + 1 : 0;
  const std::size_t pixels = heads * static_cast<std::size_t>(map.columns);
  map.lane.assign(pixels, std::numeric_limits<float>::quiet_NaN());
  if (has_twin) {
    map.twin = map.lane;
    map.difference = map.lane;
  }
  for (int shown_position = shown.first; shown_position < end; ++shown_position) {
    const auto position = static_cast<std::size_t>(shown_position);
    const auto column = static_cast<std::size_t>(column_of(shown_position));
    for (std::size_t head = 0; head < heads; ++head) {
      const std::size_t pixel = head * static_cast<std::size_t>(map.columns) + column;
      const float lane = state.attention[head * fed + position];
      if (!std::isnan(lane)) take_larger(map.lane[pixel], lane);
      if (!has_twin) continue;
      const float twin = state.twin_attention[head * fed + position];
      take_larger(map.twin[pixel], twin);
      take_larger(map.difference[pixel], stored_mass(lane) - twin);
    }
  }
  return map;
}

double attention_distance(const run::LayerState& state, int heads) {
  const bool has_twin = state.twin_attention.size() == state.attention.size();
  if (!has_twin || state.attention.empty()) return plot::kMissing;
  double distance = 0;
  for (std::size_t index = 0; index < state.attention.size(); ++index) {
    distance += std::abs(stored_mass(state.attention[index]) - state.twin_attention[index]);
  }
  return distance / 2 / heads;
}

double mass_heat(float mass) {
  if (!(mass > 0)) return 0;
  return std::clamp(1 + std::log10(mass) / kDecades, 0.0F, 1.0F);
}

DataTable attention_data(const run::LayerState& state, int heads) {
  DataTable table{.columns = {"head", "position", "lane", "twin"}};
  const std::size_t fed = state.attention.size() / static_cast<std::size_t>(heads);
  for (std::size_t index = 0; index < state.attention.size(); ++index) {
    const bool has_twin = index < state.twin_attention.size();
    table.rows.push_back({std::to_string(index / fed), std::to_string(index % fed),
                          exact_text(state.attention[index]),
                          has_twin ? exact_text(state.twin_attention[index]) : ""});
  }
  return table;
}

}  // namespace sketchscope::view
