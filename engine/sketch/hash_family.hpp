#pragma once

#include <cstdint>
#include <vector>

#include "engine/sketch/sketch.hpp"

namespace sketchscope {

/// The pairwise independent hashes of a table's rows (Carter and Wegman, 1979): row r sends item x
/// to ((a_r·x + b_r) mod P) mod W with P = 2^31 − 1. SplitMix64 started at the seed gives
/// a_0, b_0, a_1, b_1, … (design section 3), so equal seeds hash alike on every platform.
class HashFamily {
 public:
  enum class Draw : std::uint8_t { buckets, buckets_and_signs };

  /// Throws UsageError on a width or depth below 1.
  explicit HashFamily(const SketchShape& shape, Draw draw = Draw::buckets);

  [[nodiscard]] const SketchShape& shape() const { return shape_; }

  /// In [0, W).
  [[nodiscard]] std::uint32_t bucket(int row, std::uint32_t item) const {
    return remainder(buckets_[static_cast<std::size_t>(row)](item));
  }

  /// +1 or −1; only for a family drawn with signs.
  [[nodiscard]] float sign(int row, std::uint32_t item) const {
    return signs_[static_cast<std::size_t>(row)](item) % 2 == 0 ? 1.0F : -1.0F;
  }

  [[nodiscard]] std::size_t bytes() const;

 private:
  static constexpr std::uint64_t kPrime = (std::uint64_t{1} << 31) - 1;

  struct Affine {
    std::uint64_t a = 1;
    std::uint64_t b = 0;
    std::uint32_t operator()(std::uint32_t item) const {
      return static_cast<std::uint32_t>((a * item + b) % kPrime);
    }
  };

  [[nodiscard]] std::uint32_t remainder(std::uint32_t hash) const {
    return hash % static_cast<std::uint32_t>(shape_.width);
  }

  SketchShape shape_;
  std::vector<Affine> buckets_;  // (R)
  std::vector<Affine> signs_;    // (R), or empty
};

}  // namespace sketchscope
