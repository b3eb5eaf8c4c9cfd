#pragma once

#include <cstdint>

#include "kernels/cpu/block_inputs.hpp"
#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/unrolled.hpp"
#include "kernels/number_format.hpp"
#include "kernels/weight_panels.hpp"

namespace sketchscope::kernels::cpu {

/// The operands of one tile: a panel of weights and a few rows of inputs.
struct BlockTile {
  const std::byte* panel = nullptr;
  const std::int16_t* input = nullptr;  // (K / 2, lanes, 2)
  const float* scales = nullptr;        // (K / 32, lanes)
  const float* sums = nullptr;          // (K / 32, lanes)
  const float* bias = nullptr;          // of the panel, or null
  float* output = nullptr;              // rows `stride` apart
  int inputs = 0;                       // K
  int outputs = 0;                      // of the panel, at most 16
  long stride = 0;
  bool fetches = false;  // whether to prefetch, since the panel is met for the first time
};

/// The codes of one part of a panel, which are read as pairs of inputs: pair(step, weights) is
/// called for all 16 pairs with one register for each kShorts / 2 outputs.
template <class V, WeightType kType>
struct PanelCodes {
  static constexpr int kRegisters = kPanelOutputs / V::kWidth;
  static constexpr int kCodesPerPair = 2 * kPanelOutputs;
  static constexpr int kPairsPerGroup = 4;

  template <class Pair>
  [[gnu::always_inline]] static void for_each_pair(const std::byte* codes, const Pair& pair) {
    if constexpr (kType == WeightType::q8_0) {
      const auto* bytes = reinterpret_cast<const std::int8_t*>(codes);
      unrolled<kWeightsPerBlock / 2>([&]<int step>() {
        pair.template operator()<step>([&]<int part>() __attribute__((always_inline)) {
          return V::load_shorts(bytes + step * kCodesPerPair + part * V::kShorts);
        });
      });
    } else {
      const auto* words = reinterpret_cast<const std::uint16_t*>(codes);
      unrolled<kWeightsPerBlock / 2 / kPairsPerGroup>([&]<int group>() {
        decltype(V::load_words(words)) loaded[kRegisters];
        unrolled<kRegisters>([&]<int part>() {
          loaded[part] = V::load_words(words + group * kCodesPerPair + part * V::kShorts);
        });
        unrolled<kPairsPerGroup>([&]<int step>() {
          pair.template operator()<group * kPairsPerGroup + step>([&]<int part>() __attribute__((
              always_inline)) { return V::template nibbles<step>(loaded[part]); });
        });
      });
    }
  }
};

/// The sums of a tile's outputs. The products of one block are summed exactly, then those of all
/// blocks in floats in the order of the blocks, whatever the number of lanes.
template <class V, WeightType kType, int kLanes>
struct BlockSums {
  static constexpr int kRegisters = kPanelOutputs / V::kWidth;
  // A single lane's products alternate between two sums, so that none waits for the one before.
  static constexpr int kChains = kLanes * kRegisters < 4 ? 2 : 1;
  static constexpr long kScaleBytes = kPanelOutputs * static_cast<long>(block_sizes(kType).scales);
  static constexpr int kAhead = 2048;  // bytes

  typename V::Register totals[kLanes][kRegisters];

  void clear() {
    for (auto& row : totals) {
      for (auto& total : row) total = V::zero();
    }
  }

  [[gnu::always_inline]] void add_block(const BlockTile& tile, const std::byte* part, long block) {
    typename V::Integers sums[kChains][kLanes][kRegisters];
    unrolled<kChains>([&]<int chain>() {
      unrolled<kLanes>([&]<int lane>() {
        unrolled<kRegisters>([&]<int r>() { sums[chain][lane][r] = V::no_products(); });
      });
    });
    const std::int16_t* const input = tile.input + block * kWeightsPerBlock * kLanes;
    PanelCodes<V, kType>::for_each_pair(part + kScaleBytes, [&]<int step>(auto weights) {
      decltype(weights.template operator()<0>()) w[kRegisters];
      unrolled<kRegisters>([&]<int r>() { w[r] = weights.template operator()<r>(); });
      unrolled<kLanes>([&]<int lane>() {
        const auto x = V::broadcast_pair(input + 2 * (step * kLanes + lane));
        unrolled<kRegisters>([&]<int r>() {
          auto& sum = sums[step % kChains][lane][r];
          sum = V::add_products(w[r], x, sum);
        });
      });
    });
    add_scaled(tile, part, block, sums);
  }

 private:
  template <class Sums>
  [[gnu::always_inline]] void add_scaled(const BlockTile& tile, const std::byte* part, long block,
                                         const Sums& sums) {
    const auto* const scales = reinterpret_cast<const Half*>(part);
    unrolled<kRegisters>([&]<int r>() {
      const auto scale = V::load(scales + r * V::kWidth);
      unrolled<kLanes>([&]<int lane>() {
        auto sum = sums[0][lane][r];
        if constexpr (kChains == 2) sum = V::add_integers(sum, sums[1][lane][r]);
        const auto factor = V::multiply(scale, V::broadcast(tile.scales[block * kLanes + lane]));
        totals[lane][r] = V::multiply_add(V::to_floats(sum), factor, totals[lane][r]);
      });
      if constexpr (kType != WeightType::q8_0) {
        const auto minimum = kType == WeightType::q4_0
                                 ? V::multiply(scale, V::broadcast(-8.0F))
                                 : V::load(scales + kPanelOutputs + r * V::kWidth);
        unrolled<kLanes>([&]<int lane>() {
          totals[lane][r] = V::multiply_add(minimum, V::broadcast(tile.sums[block * kLanes + lane]),
                                            totals[lane][r]);
        });
      }
    });
  }
};

/// Computes the outputs of one panel for kLanes rows.
template <class V, WeightType kType, int kLanes>
void block_tile(const BlockTile& tile) {
  using Sums = BlockSums<V, kType, kLanes>;
  constexpr long kPartBytes = kPanelOutputs * static_cast<long>(block_sizes(kType).total());
  constexpr long kCacheLine = 64;
  const long blocks = tile.inputs / kWeightsPerBlock;
  Sums sums;
  sums.clear();
  for (long block = 0; block < blocks; ++block) {
    const std::byte* const part = tile.panel + block * kPartBytes;
    if (tile.fetches) {
      for (long line = 0; line < kPartBytes; line += kCacheLine) {
        __builtin_prefetch(part + Sums::kAhead + line);
      }
    }
    sums.add_block(tile, part, block);
  }
  for (int lane = 0; lane < kLanes; ++lane) {
    float results[kPanelOutputs];
    for (int r = 0; r < Sums::kRegisters; ++r) {
      V::store(results + r * V::kWidth, sums.totals[lane][r]);
    }
    float* const output = tile.output + lane * tile.stride;
    for (int n = 0; n < tile.outputs; ++n) {
      output[n] = results[n] + (tile.bias == nullptr ? 0.0F : tile.bias[n]);
    }
  }
}

/// Calls block_tile() for a number of lanes known only at run time.
template <class V, WeightType kType, int kLanes = V::kRowsPerPanelTile>
void block_tile_of(int lanes, const BlockTile& tile) {
  if (lanes == kLanes) {
    block_tile<V, kType, kLanes>(tile);
  } else if constexpr (kLanes > 1) {
    block_tile_of<V, kType, kLanes - 1>(lanes, tile);
  }
}

/// Computes the panels [first, last) for all rows, which are processed in groups that stay in the
/// second-level cache.
template <class V, WeightType kType>
void block_panels_of(const BlockSlice& slice) {
  constexpr long kGroupBytes = 384 * 1024;
  const Linear& layer = *slice.layer;
  const PanelTiles<V> tiles{slice.rows};
  const long blocks = layer.inputs / kWeightsPerBlock;
  const long tile_bytes =
      long{V::kRowsPerPanelTile} * layer.inputs * static_cast<long>(sizeof(std::int16_t)) + 1;
  const long per_group = tile_bytes < kGroupBytes ? kGroupBytes / tile_bytes : 1;
  const auto* const panels = static_cast<const std::byte*>(layer.weight);
  constexpr long kPartBytes = kPanelOutputs * static_cast<long>(block_sizes(kType).total());
  for (long begin = 0; begin < tiles.count(); begin += per_group) {
    const long end = begin + per_group < tiles.count() ? begin + per_group : tiles.count();
    for (int panel = slice.first; panel < slice.last; ++panel) {
      const int first_output = panel * kPanelOutputs;
      const int outputs = layer.outputs - first_output;
      for (long index = begin; index < end; ++index) {
        const int tile = static_cast<int>(index);
        const long first_row = tiles.first_row(tile);
        block_tile_of<V, kType>(
            tiles.lanes(tile), {.panel = panels + panel * blocks * kPartBytes,
                                .input = slice.packed + first_row * layer.inputs,
                                .scales = slice.scales + first_row * blocks,
                                .sums = slice.sums + first_row * blocks,
                                .bias = layer.bias == nullptr ? nullptr : layer.bias + first_output,
                                .output = slice.output + first_row * layer.outputs + first_output,
                                .inputs = layer.inputs,
                                .outputs = outputs < kPanelOutputs ? outputs : kPanelOutputs,
                                .stride = layer.outputs,
                                .fetches = index == begin});
      }
    }
  }
}

template <class V>
void block_panels(const BlockSlice& slice) {
  switch (slice.layer->type) {
    case WeightType::q8_0:
      return block_panels_of<V, WeightType::q8_0>(slice);
    case WeightType::q4_0:
      return block_panels_of<V, WeightType::q4_0>(slice);
    case WeightType::q4_1:
      return block_panels_of<V, WeightType::q4_1>(slice);
    case WeightType::f32:
    case WeightType::f16:
    case WeightType::bf16:
    case WeightType::int8:
      break;
  }
}

}  // namespace sketchscope::kernels::cpu
