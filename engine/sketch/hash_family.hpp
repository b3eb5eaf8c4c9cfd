#pragma once

#include <cstdint>
#include <vector>

#include "engine/sketch/sketch.hpp"
#include "kernels/eviction.hpp"

namespace sketchscope {

/// The pairwise independent hashes of a table's rows (Carter and Wegman, 1979): row r sends item x
/// to ((a_r·x + b_r) mod P) mod W with P = 2^31 − 1. SplitMix64 started at the seed gives a_0, b_0,
/// a_1, b_1, … (docs/cache.md, "Hashes"), so equal seeds give equal hashes on every platform.
class HashFamily {
 public:
  /// The hashes that are drawn for each row: of its cells, or of its cells and signs.
  enum class Draw : std::uint8_t { buckets, buckets_and_signs };

  /// Draws the hashes. Throws UsageError on a width below 1 and on a depth outside 1 …
  /// kMostSketchRows.
  explicit HashFamily(const SketchShape& shape, Draw draw = Draw::buckets);

  [[nodiscard]] const SketchShape& shape() const { return shape_; }

  /// Returns the hashes in the form that the kernels take; it refers to this object.
  [[nodiscard]] SketchRows rows() const;

  /// Returns the cell of an item in a row, in [0, W).
  [[nodiscard]] std::uint32_t bucket(int row, std::uint32_t item) const;

  /// Returns +1 or −1; only for a family drawn with signs.
  [[nodiscard]] float sign(int row, std::uint32_t item) const;

  [[nodiscard]] std::size_t bytes() const;

 private:
  SketchShape shape_;
  std::vector<SketchHash> buckets_;  // (R)
  std::vector<SketchHash> signs_;    // (R), or empty
};

}  // namespace sketchscope
