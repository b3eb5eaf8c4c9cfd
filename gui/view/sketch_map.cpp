#include "gui/view/sketch_map.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "engine/sketch/row_load.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::view {

SketchMap sketch_map(std::span<const float> cells, int rows) {
  SketchMap map;
  if (rows <= 0 || cells.empty()) return map;
  map.rows = rows;
  map.width = static_cast<int>(cells.size()) / rows;
  std::size_t filled = 0;
  for (const float cell : cells.first(static_cast<std::size_t>(rows * map.width))) {
    const float value = std::abs(cell);
    if (value == 0) continue;
    ++filled;
    map.largest = std::max(map.largest, value);
    map.smallest = map.smallest == 0 ? value : std::min(map.smallest, value);
  }
  map.load = static_cast<double>(filled) / static_cast<double>(cells.size());
  map.row_loads = sketch::row_loads(cells, rows);
  return map;
}

void share_scale(SketchMap& one, SketchMap& other) {
  const float largest = std::max(one.largest, other.largest);
  // A table without a positive counter has no smallest one.
  const bool both = one.smallest > 0 && other.smallest > 0;
  const float smallest =
      both ? std::min(one.smallest, other.smallest) : std::max(one.smallest, other.smallest);
  for (SketchMap* map : {&one, &other}) {
    map->largest = largest;
    map->smallest = smallest;
  }
}

std::string row_loads_text(std::span<const double> loads) {
  constexpr std::size_t kMostListed = 6;
  const auto number = [](double load) { return plot::fixed_text(100 * load, 0); };
  if (loads.empty()) return std::string(plot::kAbsent);
  if (loads.size() > kMostListed) {
    const auto [least, most] = std::ranges::minmax(loads);
    return number(least) + " to " + number(most) + " %";
  }
  std::string text;
  for (const double load : loads) text += (text.empty() ? "" : ", ") + number(load);
  return text + " %";
}

std::string nearly_dead_text(std::span<const double> loads, int width) {
  const std::vector<int> rows = sketch::nearly_dead_rows(loads, width);
  if (rows.empty()) return {};
  std::string names;
  double fullest_of_them = 0;
  for (const int row : rows) {
    names += (names.empty() ? "" : " and ") + std::to_string(row);
    fullest_of_them = std::max(fullest_of_them, loads[static_cast<std::size_t>(row)]);
  }
  const bool one = rows.size() == 1;
  return (one ? "row " : "rows ") + names + (one ? " is" : " are") +
         " nearly dead: " + (one ? "" : "at most ") + plot::format_percent(fullest_of_them) +
         " of " + (one ? "its" : "their") + " cells are filled, of the fullest row's " +
         plot::format_percent(std::ranges::max(loads));
}

double heat_floor(const SketchMap& map) {
  return std::max<double>(map.smallest, map.largest * 1e-4);
}

double heat(const SketchMap& map, float value) {
  const float magnitude = std::abs(value);
  if (magnitude == 0 || map.largest == 0) return 0;
  // The colour of the smallest counter differs from that of an empty cell.
  const double floor = heat_floor(map) / 2;
  return std::clamp(std::log(magnitude / floor) / std::log(map.largest / floor), 0.0, 1.0);
}

std::vector<float> heat_pixels(const SketchMap& map, std::span<const float> cells, int columns) {
  std::vector<float> pixels;
  pixels.reserve(static_cast<std::size_t>(map.rows) * static_cast<std::size_t>(columns));
  for (int row = 0; row < map.rows; ++row) {
    const auto of_row = cells.subspan(static_cast<std::size_t>(row) * map.width, map.width);
    for (std::int64_t column = 0; column < columns; ++column) {
      const auto first = static_cast<std::size_t>(column * map.width / columns);
      const auto end = static_cast<std::size_t>((column + 1) * map.width / columns);
      float fullest = 0;
      for (std::size_t cell = first; cell < std::max(end, first + 1); ++cell) {
        fullest = std::max(fullest, std::abs(of_row[cell]));
      }
      pixels.push_back(static_cast<float>(heat(map, fullest)));
    }
  }
  return pixels;
}

SketchCells::SketchCells(const settings::Knobs& knobs, int heads, int positions)
    : knobs_(knobs),
      key_(knobs.sketch_key),
      heads_(heads),
      positions_(static_cast<std::size_t>(positions)),
      hashes_(knobs.sketch->make(settings::sketch_shape(knobs))) {
  std::iota(positions_.begin(), positions_.end(), 0);
}

bool SketchCells::fits(const settings::Knobs& knobs) const {
  return knobs.sketch == knobs_.sketch && knobs.sketch_key == knobs_.sketch_key &&
         settings::sketch_shape(knobs) == settings::sketch_shape(knobs_);
}

sketch::ItemMap SketchCells::items_of(const SeenItems& seen, const sketch::HeadRange& heads) const {
  return {.key = key_,
          .heads = heads,
          .context = static_cast<int>(positions_.size()),
          .positions = positions_,
          .tokens = seen.tokens,
          .codes = seen.codes};
}

std::optional<int> SketchCells::column_of(int row, int position, const SeenItems& seen) const {
  const sketch::ItemMap items = items_of(seen, {.first = seen.head, .count = 1});
  const auto index = static_cast<std::size_t>(position);
  if (!items.known(index)) return std::nullopt;
  return hashes_->bucket(row, items.id(0, index));
}

std::vector<int> SketchCells::positions_in(int row, int column, const SeenItems& seen) const {
  const sketch::ItemMap items = items_of(seen, {.first = 0, .count = heads_});
  std::vector<int> positions;
  for (std::size_t position = 0; position < seen.tokens.size(); ++position) {
    for (int item = 0; items.known(position) && item < items.rows(); ++item) {
      if (hashes_->bucket(row, items.id(item, position)) != column) continue;
      positions.push_back(static_cast<int>(position));
      break;
    }
  }
  return positions;
}

Accuracy sketch_accuracy(const run::TableState& table, double bound) {
  Accuracy accuracy{.points = {}, .bound = bound};
  const std::size_t count = std::min(table.exact_mass.size(), table.estimates.size());
  std::vector<bool> stored(count);
  for (const int position : table.positions) {
    if (static_cast<std::size_t>(position) < count)
      stored[static_cast<std::size_t>(position)] = true;
  }
  for (std::size_t index = 0; index < count; ++index) {
    if (std::isnan(table.estimates[index])) continue;
    const AccuracyPoint point{.position = static_cast<int>(index),
                              .exact = table.exact_mass[index],
                              .estimate = table.estimates[index],
                              .stored = stored[index]};
    accuracy.points.push_back(point);
    accuracy.largest = std::max({accuracy.largest, point.exact, point.estimate});
    for (const double value : {point.exact, point.estimate}) {
      const bool first = accuracy.smallest == 0;
      if (value > 0) accuracy.smallest = first ? value : std::min(accuracy.smallest, value);
    }
  }
  std::ranges::stable_partition(accuracy.points,
                                [](const AccuracyPoint& point) { return !point.stored; });
  return accuracy;
}

}  // namespace sketchscope::view
