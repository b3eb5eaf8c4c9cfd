#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/run/live_state.hpp"
#include "engine/settings/knobs.hpp"
#include "engine/sketch/items.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope::view {

/// Statistics of one sketch's counters for its heat map.
struct SketchMap {
  int rows = 0;   // R
  int width = 0;  // W
  float largest = 0;
  float smallest = 0;                  ///< least positive counter
  double load = 0;                     ///< share of nonzero counters
  std::vector<double> row_loads = {};  ///< the same of each row, (R)
};

/// Returns the statistics of `cells` (R, W); all 0 for an empty table (`exact`, or no sketch).
SketchMap sketch_map(std::span<const float> cells, int rows);

/// Gives two maps one scale, so that equal counters of both get equal heat.
void share_scale(SketchMap& one, SketchMap& other);

/// Returns the loads of rows as text: "51, 48, 52, 51 %"; of more than six rows the least and the
/// largest, "48 to 52 %".
std::string row_loads_text(std::span<const double> loads);

/// Warns of rows that are nearly dead (sketch::nearly_dead_rows()): "row 3 is nearly dead: 19 % of
/// its cells are filled, of the fullest row's 71 %"; empty if there are none.
std::string nearly_dead_text(std::span<const double> loads, int width);

/// Returns the counter at the lower end of the scale: four decades below the largest, or the
/// smallest if that is larger. Smaller ones cannot be told apart.
double heat_floor(const SketchMap& map);

/// Returns the place of `value` on a logarithmic scale from the smallest to the largest counter, in
/// [0, 1]; 0 for an empty cell.
double heat(const SketchMap& map, float value);

/// Returns the heat of (R, columns) pixels: the largest counter under each.
std::vector<float> heat_pixels(const SketchMap& map, std::span<const float> cells, int columns);

/// The inputs of the map from position to sketch item.
struct SeenItems {
  std::span<const int> tokens;           ///< by position, (P)
  std::span<const std::uint32_t> codes;  ///< by position, (P); only for the sketch key key-lsh
  int head = 0;  ///< the head whose items are meant, if items differ by head
};

/// Finds the positions that share a counter, by the hash functions of a sketch of equal shape.
class SketchCells {
 public:
  /// `positions` is T; `heads` is used by the sketch key head-position.
  SketchCells(const settings::Knobs& knobs, int heads, int positions);

  /// Returns whether these knobs give the same hash functions.
  [[nodiscard]] bool fits(const settings::Knobs& knobs) const;

  [[nodiscard]] int rows() const { return knobs_.sketch_depth; }
  /// Returns the column in `row` of a position's item; empty if the item is not known any more.
  [[nodiscard]] std::optional<int> column_of(int row, int position, const SeenItems& seen) const;
  /// Returns the positions that have an item of any head in the cell, ascending.
  [[nodiscard]] std::vector<int> positions_in(int row, int column, const SeenItems& seen) const;

 private:
  settings::Knobs knobs_;
  sketch::SketchKey key_;
  int heads_;
  std::vector<int> positions_;  // 0 to T − 1
  std::unique_ptr<sketch::Sketch> hashes_;

  [[nodiscard]] sketch::ItemMap items_of(const SeenItems& seen,
                                         const sketch::HeadRange& heads) const;
};

/// A position's estimated and exact accumulated mass.
struct AccuracyPoint {
  int position = 0;
  double exact = 0;
  double estimate = 0;
  bool stored = false;
};

/// Estimated against exact masses for all positions of one table.
struct Accuracy {
  std::vector<AccuracyPoint> points;  ///< evicted ones first, so that stored ones are drawn on top
  double bound = 0;                   ///< ε·N
  double largest = 0;                 ///< largest value of both axes
  double smallest = 0;                ///< least positive value of both axes
};

/// Returns the points of one table; none without a sketch or an audit. Positions whose item is not
/// known any more are skipped. `bound` is ε·N.
Accuracy sketch_accuracy(const run::TableState& table, double bound);

}  // namespace sketchscope::view
