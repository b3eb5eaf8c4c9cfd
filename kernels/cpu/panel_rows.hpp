#pragma once

#include <cstdint>

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/vector_loops.hpp"
#include "kernels/weight_panels.hpp"

namespace sketchscope::kernels::cpu {

/// The division of an input's rows into tiles of at most `most` rows: even, so that no tile is left
/// with a single row.
template <class V>
struct RowTiles {
  int rows;
  int most;

  [[nodiscard]] int count() const { return (rows + most - 1) / most; }
  [[nodiscard]] int first_row(int tile) const {
    return static_cast<int>(static_cast<long>(rows) * tile / count());
  }
  [[nodiscard]] int lanes(int tile) const { return first_row(tile + 1) - first_row(tile); }
  /// Rows of the largest tile.
  [[nodiscard]] int most_lanes() const { return (rows + count() - 1) / count(); }
};

/// Packs the rows of a tile in the order in which its inner loop reads them: an input of each row
/// after the other.
template <class V>
void pack_rows(const RowPacking& packing, int tile) {
  const RowTiles<V> tiles{packing.rows, V::kFloatLanes};
  const long lanes = tiles.lanes(tile);
  const long first = tiles.first_row(tile);
  float* const packed = packing.packed + first * packing.inputs;
  for (long lane = 0; lane < lanes; ++lane) {
    const float* const row = packing.input + (first + lane) * packing.inputs;
    for (long k = 0; k < packing.inputs; ++k) packed[k * lanes + lane] = row[k];
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

/// What one block of inputs of a row is worth: number ≈ scale · short.
struct BlockOfInputs {
  float scale;
  float sum;  // of the numbers
};

/// Rounds a block of inputs to 16 bits, the largest magnitude becoming 32767. With a number that is
/// not finite scale and sum are NaN; a block of (nearly) zeros has the scale 0.
template <class V>
BlockOfInputs round_block(const float* input, std::int16_t* shorts) {
  constexpr float kLargestShort = 32767.0F;
  constexpr float kNearlyZero = 1e-33F;  // 32767 divided by it is still finite
  const float magnitude = magnitude_of<V>(input, kWeightsPerBlock);
  if (!(magnitude >= kNearlyZero)) {
    for (int k = 0; k < kWeightsPerBlock; ++k) shorts[k] = 0;
    const float none = magnitude - magnitude;  // 0, or NaN
    return {none, none};
  }
  const auto factor = V::broadcast(kLargestShort / magnitude);
  auto sum = V::zero();
  for (int k = 0; k < kWeightsPerBlock; k += V::kWidth) {
    const auto x = V::load(input + k);
    sum = V::add(sum, x);
    V::store_shorts(shorts + k, V::multiply(x, factor));
  }
  return {magnitude / kLargestShort, V::sum(sum)};
}

/// Returns the inputs of a block, zeros in the place of those beyond the last.
template <class V>
const float* whole_block(const float* row, long first, long inputs, float* room) {
  if (first + kWeightsPerBlock <= inputs) return row + first;
  for (long k = 0; k < kWeightsPerBlock; ++k) room[k] = first + k < inputs ? row[first + k] : 0.0F;
  return room;
}

/// Packs the rows of a tile in 16 bits, a pair of inputs of each row after the other, and so the
/// scales and sums of their blocks.
template <class V>
void pack_blocks(const BlockPacking& packing, int tile) {
  const RowTiles<V> tiles{packing.rows, V::kShortLanes};
  const long lanes = tiles.lanes(tile);
  const long first = tiles.first_row(tile);
  const long blocks = (packing.inputs + kWeightsPerBlock - 1) / kWeightsPerBlock;
  for (long lane = 0; lane < lanes; ++lane) {
    const float* const row = packing.input + (first + lane) * packing.inputs;
    for (long block = 0; block < blocks; ++block) {
      std::int16_t shorts[kWeightsPerBlock];
      float room[kWeightsPerBlock];
      const float* const numbers =
          whole_block<V>(row, block * kWeightsPerBlock, packing.inputs, room);
      const BlockOfInputs worth = round_block<V>(numbers, shorts);
      const long place = first * blocks + block * lanes;
      std::int16_t* const packed = packing.packed + place * kWeightsPerBlock + 2 * lane;
      for (long k = 0; k < kWeightsPerBlock; k += 2) {
        packed[k * lanes] = shorts[k];
        packed[k * lanes + 1] = shorts[k + 1];
      }
      packing.scales[place + lane] = worth.scale;
      packing.sums[place + lane] = worth.sum;
    }
  }
}

}  // namespace sketchscope::kernels::cpu
