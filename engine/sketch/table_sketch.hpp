#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "engine/sketch/items.hpp"
#include "engine/sketch/sketch.hpp"
#include "kernels/eviction.hpp"

namespace sketchscope::sketch {

/// The pairwise independent hashes of a table's rows (Carter and Wegman, 1979): row r sends an item
/// of input x to ((a_r·x + b_r) mod P) mod W with P = 2^31 − 1. SplitMix64 started at the seed
/// gives a_0, b_0, a_1, b_1, … (docs/cache.md, "Hashes"), so equal seeds give equal hashes on every
/// platform.
class HashFamily {
 public:
  /// The hashes that are drawn for each row: of its cells, or of its cells and signs.
  enum class Draw : std::uint8_t { buckets, buckets_and_signs };

  /// Throws UsageError on a width below 1 and on a depth outside 1 … kMostSketchRows.
  explicit HashFamily(const SketchShape& shape, Draw draw = Draw::buckets);

  [[nodiscard]] const SketchShape& shape() const { return shape_; }

  /// Returns the hashes in the form that the kernels take; it refers to this object.
  [[nodiscard]] kernels::SketchRows rows() const {
    return {.buckets = buckets_,
            .signs = signs_,
            .width = static_cast<std::uint32_t>(shape_.width),
            .input = shape_.input};
  }

  /// Returns the cell of an item in a row, in [0, W).
  [[nodiscard]] std::uint32_t bucket(int row, std::uint32_t item) const;

  /// Returns +1 or −1; only for a family drawn with signs.
  [[nodiscard]] float sign(int row, std::uint32_t item) const;

  [[nodiscard]] std::size_t bytes() const {
    return (buckets_.size() + signs_.size()) * sizeof(kernels::SketchHash);
  }

 private:
  SketchShape shape_;
  std::vector<kernels::SketchHash> buckets_;  // (R)
  std::vector<kernels::SketchHash> signs_;    // (R), or empty
};

/// The rules by which items enter a table and are estimated from it.
struct TableRule {
  kernels::SketchUpdate update = kernels::SketchUpdate::add;
  kernels::SketchQuery query = kernels::SketchQuery::min;
};

/// The common part of all sketches with a table of counters; they differ in their rule and its
/// error bound.
class TableSketch : public Sketch {
 public:
  void update(std::span<const kernels::SketchItem> batch) final;
  void scale(float factor) final;
  void estimate_all(std::span<const std::uint32_t> ids, std::span<float> estimates) const final;

  [[nodiscard]] SketchShape shape() const final { return hashes_.shape(); }
  [[nodiscard]] std::span<const float> cells() const final { return cells_; }
  [[nodiscard]] int bucket(int row, std::uint32_t id) const final {
    return static_cast<int>(hashes_.bucket(row, id));
  }
  [[nodiscard]] double total_mass() const final { return total_mass_; }
  [[nodiscard]] std::size_t bytes() const final {
    return cells_.size() * sizeof(float) + hashes_.bytes();
  }
  [[nodiscard]] bool approximate() const final { return approximate_; }
  void mark_approximate() final { approximate_ = true; }

 protected:
  TableSketch(const SketchShape& shape, TableRule rule);

  /// Returns ε·N with ε = e/W, which the mass of colliding items in a cell exceeds with probability
  /// 1/e at most.
  [[nodiscard]] double foreign_mass_bound() const {
    return std::numbers::e / hashes_.shape().width * total_mass_;
  }

 private:
  TableRule rule_;
  HashFamily hashes_;
  std::vector<float> cells_;  // (R, W)
  double total_mass_ = 0;
  bool approximate_ = false;
};

/// The count-min sketch (Cormode and Muthukrishnan, 2005): an item adds its mass to one cell of
/// each row, and the minimum of its cells is its estimate, which is never below the true mass.
class CountMin : public TableSketch {
 public:
  explicit CountMin(const SketchShape& shape) : CountMin(shape, kernels::SketchUpdate::add) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override {
    return std::make_unique<CountMin>(*this);
  }
  /// An estimate exceeds the truth by at most ε·N except with probability e^−R, since all rows must
  /// fail, and is never below it.
  [[nodiscard]] ErrorBound error_bound() const final {
    return {.above = foreign_mass_bound(), .failure = std::exp(-shape().depth)};
  }

 protected:
  CountMin(const SketchShape& shape, kernels::SketchUpdate update)
      : TableSketch(shape, {.update = update, .query = kernels::SketchQuery::min}) {}
};

/// Count-min with conservative update (Estan and Varghese, 2002), applied to a whole batch: all
/// estimates are read before any write, then each cell rises to the largest estimate + mass of its
/// items.
///
/// Rounding to float never reverses an order, so estimates lie between the exact sums and those of
/// count-min bit for bit, not only up to rounding.
class ConservativeCountMin final : public CountMin {
 public:
  explicit ConservativeCountMin(const SketchShape& shape)
      : CountMin(shape, kernels::SketchUpdate::conservative) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override {
    return std::make_unique<ConservativeCountMin>(*this);
  }
};

/// The count-sketch (Charikar, Chen and Farach-Colton, 2002): an item adds its mass with a random
/// sign to one cell of each row, and the median of its signed cells is its estimate. Each row is
/// unbiased, so errors have either sign. For an even number of rows the median is the mean of the
/// middle two.
class CountSketch final : public TableSketch {
 public:
  explicit CountSketch(const SketchShape& shape)
      : TableSketch(shape, {.update = kernels::SketchUpdate::add_signed,
                            .query = kernels::SketchQuery::signed_median}) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override {
    return std::make_unique<CountSketch>(*this);
  }
  /// An estimate is off by at most √(3·F₂/W) to either side. A row exceeds this with probability
  /// 1/3 at most (Chebyshev's inequality), and the median only where half of the rows do. F₂, the
  /// sum of squared masses, is the median row's sum of squared counters.
  [[nodiscard]] ErrorBound error_bound() const override;
};

/// The RACE sketch (Coleman and Shrivastava, arXiv 1912.02283): an item adds its mass to one cell
/// of each row, and the mean of its cells is its estimate, that is the mass of all items that
/// collide with it, averaged over the rows. With the key `key-lsh` this is a density of mass over
/// directions of keys.
class Race final : public TableSketch {
 public:
  explicit Race(const SketchShape& shape)
      : TableSketch(shape,
                    {.update = kernels::SketchUpdate::add, .query = kernels::SketchQuery::mean}) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override {
    return std::make_unique<Race>(*this);
  }
  /// An estimate exceeds the truth by at most ε·N except with probability 1/e, for any number of
  /// rows (Markov's inequality on their mean), and is never below it.
  [[nodiscard]] ErrorBound error_bound() const override {
    return {.above = foreign_mass_bound(), .failure = 1 / std::numbers::e};
  }
};

/// Exact accumulators by id, which grow with the largest id: the quantities that sketches
/// approximate, behind the interface of a sketch.
class ExactSums final : public Sketch {
 public:
  explicit ExactSums(const SketchShape& shape) : shape_(shape) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override {
    return std::make_unique<ExactSums>(*this);
  }
  void update(std::span<const kernels::SketchItem> batch) override;
  void scale(float factor) override;
  void estimate_all(std::span<const std::uint32_t> ids, std::span<float> estimates) const override;
  [[nodiscard]] ErrorBound error_bound() const override { return {}; }

  [[nodiscard]] SketchShape shape() const override { return shape_; }
  [[nodiscard]] std::span<const float> cells() const override { return {}; }
  [[nodiscard]] int bucket(int, std::uint32_t) const override { return 0; }
  [[nodiscard]] double total_mass() const override { return total_mass_; }
  [[nodiscard]] std::size_t bytes() const override { return sums_.capacity() * sizeof(float); }
  [[nodiscard]] bool approximate() const override { return approximate_; }
  void mark_approximate() override { approximate_ = true; }

 private:
  SketchShape shape_;
  std::vector<float> sums_;  // by id
  double total_mass_ = 0;
  bool approximate_ = false;
};

}  // namespace sketchscope::sketch
