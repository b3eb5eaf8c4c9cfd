#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/run/live_state.hpp"
#include "engine/settings/knobs.hpp"
#include "engine/sketch/item_map.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope {

/// The counters of one layer's sketch, as a heat map reads them.
struct SketchMap {
  int rows = 0;   // R
  int width = 0;  // W
  float largest = 0;
  float smallest = 0;             ///< of the cells above zero
  double load = 0;                ///< share of the cells that are not zero
  std::vector<double> row_loads;  // (R)
};

/// `cells` (R, W). Of an empty table (`exact`, or no sketch) everything is 0.
SketchMap sketch_map(std::span<const float> cells, int rows);

/// Where `value` lies between the smallest and the largest counter on a logarithmic scale, in
/// [0, 1]; 0 for an empty cell.
double heat(const SketchMap& map, float value);

/// Heat of (R, columns) pixels: the fullest cell under each.
std::vector<float> heat_pixels(const SketchMap& map, std::span<const float> cells, int columns);

/// What tells the items of the positions seen so far.
struct SeenItems {
  std::span<const int> tokens;           ///< by position, (P)
  std::span<const std::uint32_t> codes;  ///< of keys by position, (P), for the key key-lsh alone
  int head = 0;                          ///< whose items count where heads have items of their own
};

/// Which positions share counters. Knows the hashes only: a sketch of the same shape, without
/// contents.
class SketchCells {
 public:
  /// `positions` is T; `heads` matters to the key head-position.
  SketchCells(const Knobs& knobs, int heads, int positions);

  /// True if these knobs hash as this object does.
  [[nodiscard]] bool fits(const Knobs& knobs) const;

  [[nodiscard]] int rows() const { return knobs_.sketch_depth; }
  /// The cell in `row` of a position's item; empty where the item is no longer known.
  [[nodiscard]] std::optional<int> column_of(int row, int position, const SeenItems& seen) const;
  /// Positions with an item in the cell, of any head, lowest first.
  [[nodiscard]] std::vector<int> positions_in(int row, int column, const SeenItems& seen) const;

 private:
  Knobs knobs_;
  SketchKey key_;
  int heads_;
  std::vector<int> positions_;  // (T), each its own index
  std::unique_ptr<Sketch> hashes_;

  [[nodiscard]] ItemMap items_of(const SeenItems& seen, const HeadRange& heads) const;
};

}  // namespace sketchscope
