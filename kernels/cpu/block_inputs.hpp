#pragma once

#include <cstdint>

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/linear_operands.hpp"

namespace sketchscope::kernels::cpu {

/// The division of an input's rows into the tiles that meet panels: even, as in RowTiles.
template <class V>
struct PanelTiles {
  int rows;

  [[nodiscard]] int count() const {
    return (rows + V::kRowsPerPanelTile - 1) / V::kRowsPerPanelTile;
  }
  [[nodiscard]] int first_row(int tile) const {
    return static_cast<int>(static_cast<long>(rows) * tile / count());
  }
  [[nodiscard]] int lanes(int tile) const { return first_row(tile + 1) - first_row(tile); }
};

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

/// Packs the rows of a tile in the order in which block_tile() reads them: a pair of inputs of each
/// row after the other, and so the scales and sums of their blocks.
template <class V>
void pack_blocks(const BlockPacking& packing, int tile) {
  const PanelTiles<V> tiles{packing.rows};
  const int lanes = tiles.lanes(tile);
  const long blocks = packing.inputs / kWeightsPerBlock;
  const long first = tiles.first_row(tile);
  for (int lane = 0; lane < lanes; ++lane) {
    const float* const row = packing.input + (first + lane) * packing.inputs;
    for (long block = 0; block < blocks; ++block) {
      std::int16_t shorts[kWeightsPerBlock];
      const BlockOfInputs worth = round_block<V>(row + block * kWeightsPerBlock, shorts);
      std::int16_t* const packed =
          packing.packed + (first * blocks + block * lanes) * kWeightsPerBlock + 2 * lane;
      for (int k = 0; k < kWeightsPerBlock; k += 2) {
        packed[k * lanes] = shorts[k];
        packed[k * lanes + 1] = shorts[k + 1];
      }
      const long place = first * blocks + block * lanes + lane;
      packing.scales[place] = worth.scale;
      packing.sums[place] = worth.sum;
    }
  }
}

}  // namespace sketchscope::kernels::cpu
