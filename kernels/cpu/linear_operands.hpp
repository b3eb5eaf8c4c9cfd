#pragma once

#include <cstdint>

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/vector_loops.hpp"

namespace sketchscope::kernels::cpu {

/// The division of an input's rows into tiles: even, so that no tile is left with a single row. A
/// tile's rows are packed in the order in which its inner loop reads them, one step of each row
/// after the other, padded with zeros; unpacked rows that lie a multiple of 4096 bytes apart would
/// map to the same cache lines.
template <class V, int kStep>
struct RowTiles {
  int rows;
  int inputs;

  [[nodiscard]] int count() const { return (rows + V::kLanesPerTile - 1) / V::kLanesPerTile; }
  [[nodiscard]] int first_row(int tile) const { return rows * tile / count(); }
  [[nodiscard]] int lanes(int tile) const { return first_row(tile + 1) - first_row(tile); }
  /// Returns the offset of the tile in the packed rows.
  [[nodiscard]] long offset(int tile) const {
    const int steps = (inputs + kStep - 1) / kStep;
    return static_cast<long>(first_row(tile)) * steps * kStep;
  }
};

template <class V>
void pack_rows(const RowPacking& packing, int tile) {
  const RowTiles<V, V::kWidth> tiles{packing.rows, packing.inputs};
  const int lanes = tiles.lanes(tile);
  for (int lane = 0; lane < lanes; ++lane) {
    const int row = tiles.first_row(tile) + lane;
    const float* input = packing.input + static_cast<long>(row) * packing.inputs;
    float* packed = packing.packed + tiles.offset(tile) + lane * V::kWidth;
    for_each_chunk<V>(packing.inputs, [&](auto chunk) {
      V::store(packed + static_cast<long>(chunk.start) * lanes, chunk.load(input));
    });
  }
}

/// Returns the largest magnitude of a row; NaN if one of its numbers is not finite.
template <class V>
float magnitude_of(const float* row, int count) {
  auto largest = V::zero();
  auto poison = V::zero();
  for_each_chunk<V>(count, [&](auto chunk) {
    const auto x = chunk.load(row);
    largest = V::larger(V::larger(x, V::subtract(V::zero(), x)), largest);
    poison = V::multiply_add(x, V::zero(), poison);
  });
  float candidates[V::kWidth];
  V::store(candidates, largest);
  float result = 0.0F;
  for (const float x : candidates) result = x > result ? x : result;
  return result + V::sum(poison);
}

/// Writes `count` numbers of one row times `factor`, rounded; steps of V::kShorts are written
/// `stride` apart.
template <class V>
void shorten_row(const float* row, int count, float factor, std::int16_t* packed, long stride) {
  const auto factors = V::broadcast(factor);
  for_each_chunk<V>(count, [&](auto chunk) {
    const long step = chunk.start / V::kShorts;
    V::store_shorts(packed + step * stride + chunk.start % V::kShorts,
                    V::multiply(chunk.load(row), factors));
  });
}

/// Packs the rows of a tile in 16 bits: number ≈ scale · short, where the largest magnitude becomes
/// 32767. A row with a number that is not finite gets the scale NaN, a row of (nearly) zeros the
/// scale 0.
template <class V>
void pack_shorts(const ShortPacking& packing, int tile) {
  constexpr float kLargestShort = 32767.0F;
  constexpr float kNearlyZero = 1e-33F;  // 32767 divided by it is still finite
  const RowTiles<V, V::kShorts> tiles{packing.rows, packing.inputs};
  const int lanes = tiles.lanes(tile);
  std::int16_t* const packed = packing.packed + tiles.offset(tile);
  const long tile_size = tiles.offset(tile + 1) - tiles.offset(tile);
  for (long i = 0; i < tile_size; ++i) packed[i] = 0;
  for (int lane = 0; lane < lanes; ++lane) {
    const int row = tiles.first_row(tile) + lane;
    const float* input = packing.input + static_cast<long>(row) * packing.inputs;
    const float magnitude = magnitude_of<V>(input, packing.inputs);
    packing.scales[row] = magnitude < kNearlyZero ? 0.0F : magnitude / kLargestShort;
    if (magnitude >= kNearlyZero) {
      shorten_row<V>(input, packing.inputs, kLargestShort / magnitude, packed + lane * V::kShorts,
                     long{V::kShorts} * lanes);
    }
  }
}

// The product rules of the weight types: what a step along K loads and accumulates.

/// Products of float inputs with weights of type T, which are widened to float.
template <class V, class T>
struct FloatProducts {
  using Vector = V;
  using Weight = T;
  using Input = float;
  using Sum = typename V::Register;
  static constexpr int kStep = V::kWidth;
  static constexpr long kLongestRun = 0;  // any length
  static constexpr bool kScaled = false;

  static Sum none() { return V::zero(); }
  static auto load(const T* p) { return V::load(p); }
  static auto load_rest(const T* p, int count) { return load_first<V>(p, count); }
  static auto load_input(const float* p) { return V::load(p); }
  template <class Weights, class Inputs>
  static Sum add(Weights w, Inputs x, Sum sum) {
    return V::multiply_add(w, x, sum);
  }
  static auto to_floats(Sum sum) { return sum; }
};

/// Products of 16-bit inputs with 8-bit weights, summed exactly; both have one scale per row. A
/// register holds twice as many of them as floats, and rounding inputs to 16 bits loses less than
/// rounding weights to 8 bits did.
template <class V>
struct ShortProducts {
  using Vector = V;
  using Weight = std::int8_t;
  using Input = std::int16_t;
  using Sum = typename V::Integers;
  static constexpr int kStep = V::kShorts;
  // Each 32-bit sum gains two products of at most 127 · 32767 in a step, so 256 steps cannot
  // overflow.
  static constexpr long kLongestRun = 256L * V::kShorts;
  static constexpr bool kScaled = true;

  static Sum none() { return V::no_products(); }
  static auto load(const std::int8_t* p) { return V::load_shorts(p); }
  static auto load_rest(const std::int8_t* p, int count) {
    std::int8_t padded[V::kShorts] = {};
    for (int i = 0; i < count; ++i) padded[i] = p[i];
    return V::load_shorts(padded);
  }
  static auto load_input(const std::int16_t* p) { return V::load_shorts(p); }
  template <class Weights, class Inputs>
  static Sum add(Weights w, Inputs x, Sum sum) {
    return V::add_products(w, x, sum);
  }
  static auto to_floats(Sum sum) { return V::to_floats(sum); }
};

}  // namespace sketchscope::kernels::cpu
