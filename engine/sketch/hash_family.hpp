#pragma once

#include <cstdint>
#include <vector>

#include "engine/sketch/sketch.hpp"
#include "kernels/sketch_table.hpp"

namespace sketchscope {

/// The pairwise independent hashes of a table's rows (Carter and Wegman, 1979): row r sends item x
/// to ((a_r·x + b_r) mod P) mod W with P = 2^31 − 1. SplitMix64 started at the seed gives
/// a_0, b_0, a_1, b_1, … (design section 3), so equal seeds hash alike on every platform.
class HashFamily {
 public:
  enum class Draw : std::uint8_t { buckets, buckets_and_signs };

  /// Throws UsageError on a width below 1 and on a depth that no table has.
  explicit HashFamily(const SketchShape& shape, Draw draw = Draw::buckets);

  [[nodiscard]] const SketchShape& shape() const { return shape_; }

  /// What the kernels take.
  [[nodiscard]] SketchRows rows() const;

  /// In [0, W).
  [[nodiscard]] std::uint32_t bucket(int row, std::uint32_t item) const;

  /// +1 or −1; only for a family drawn with signs.
  [[nodiscard]] float sign(int row, std::uint32_t item) const;

  [[nodiscard]] std::size_t bytes() const;

 private:
  SketchShape shape_;
  std::vector<SketchHash> buckets_;  // (R)
  std::vector<SketchHash> signs_;    // (R), or empty
};

}  // namespace sketchscope
