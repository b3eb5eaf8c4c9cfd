#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/linear_operands.hpp"
#include "kernels/cpu/unrolled.hpp"
#include "kernels/number_format.hpp"

namespace sketchscope::kernels::cpu {

inline constexpr int kOutputsPerTile = 4;
inline constexpr int kKeepInSecondLevel = 2;
inline constexpr int kKeepInFirstLevel = 3;

/// The part of the next block of weight rows that a tile prefetches, since the hardware prefetcher
/// stops at page ends: the whole block into the second-level cache, or one row into the first-level
/// cache while other tiles of the block prefetch the other rows. The first-level cache has space
/// for a block beside the inputs only where weights are smaller than floats.
enum class Fetch { block, row };

/// The operands and the results of one tile of outputs.
template <class P>
struct LinearTile {
  const typename P::Weight* weight;  // rows `inputs` apart
  const typename P::Input* input;    // packed
  const float* weight_scale;         // of each weight row, or null
  const float* input_scale;          // of each input row, or null
  const float* bias;                 // or null
  float* output;                     // rows `outputs` apart
  const typename P::Weight* next;    // row of the next block to prefetch; null: the whole block
  long inputs;
  long outputs;
};

template <class P>
inline constexpr bool kFetchesRows = sizeof(typename P::Weight) < sizeof(float);

/// Adds the products of inputs [first, last), `first` being a multiple of a step, to the totals.
template <class P, int kOutputs, int kLanes, Fetch kFetch>
void add_run(const LinearTile<P>& tile, long first, long last, float (&totals)[kLanes][kOutputs]) {
  typename P::Sum sums[kOutputs][kLanes];
  unrolled<kOutputs>(
      [&]<int n>() { unrolled<kLanes>([&]<int lane>() { sums[n][lane] = P::none(); }); });
  const auto accumulate = [&](long k, auto load_weight) __attribute__((always_inline)) {
    decltype(P::load_input(tile.input)) x[kLanes];
    unrolled<kLanes>(
        [&]<int lane>() { x[lane] = P::load_input(tile.input + k * kLanes + lane * P::kStep); });
    if constexpr (kFetch == Fetch::row) __builtin_prefetch(tile.next + k, 0, kKeepInFirstLevel);
    unrolled<kOutputs>([&]<int n>() {
      const auto* weight = tile.weight + n * tile.inputs + k;
      if constexpr (kFetch == Fetch::block) {
        __builtin_prefetch(weight + kOutputsPerTile * tile.inputs, 0, kKeepInSecondLevel);
      }
      const auto w = load_weight(weight);
      unrolled<kLanes>([&]<int lane>() { sums[n][lane] = P::add(w, x[lane], sums[n][lane]); });
    });
  };
  long k = first;
  for (; k + P::kStep <= last; k += P::kStep) {
    accumulate(k, [](const auto* p) { return P::load(p); });
  }
  if (const int rest = static_cast<int>(last - k); rest > 0) {
    accumulate(k, [rest](const auto* p) { return P::load_rest(p, rest); });
  }
  unrolled<kLanes>([&]<int lane>() {
    typename P::Vector::Register column[kOutputs];
    unrolled<kOutputs>([&]<int n>() { column[n] = P::to_floats(sums[n][lane]); });
    if constexpr (kOutputs == 4) {
      float four[4];
      P::Vector::sum_four(column, four);
      for (int n = 0; n < 4; ++n) totals[lane][n] += four[n];
    } else {
      for (int n = 0; n < kOutputs; ++n) totals[lane][n] += P::Vector::sum(column[n]);
    }
  });
}

/// Computes kOutputs outputs of kLanes rows. The order of an output's sum does not depend on the
/// number of rows: products in one vector accumulator along K, then its elements, then scales, the
/// bias last.
template <class P, int kOutputs, int kLanes>
void linear_tile(const LinearTile<P>& tile) {
  float totals[kLanes][kOutputs] = {};
  const long run = P::kLongestRun > 0 ? P::kLongestRun : tile.inputs;
  for (long first = 0; first < tile.inputs; first += run) {
    const long last = first + run < tile.inputs ? first + run : tile.inputs;
    if constexpr (kOutputs == kOutputsPerTile && kFetchesRows<P>) {
      if (tile.next != nullptr) {
        add_run<P, kOutputs, kLanes, Fetch::row>(tile, first, last, totals);
        continue;
      }
    }
    add_run<P, kOutputs, kLanes, Fetch::block>(tile, first, last, totals);
  }
  for (int lane = 0; lane < kLanes; ++lane) {
    for (int n = 0; n < kOutputs; ++n) {
      float result = totals[lane][n];
      if (P::kScaled) result *= tile.weight_scale[n] * tile.input_scale[lane];
      tile.output[lane * tile.outputs + n] = result + (tile.bias == nullptr ? 0.0F : tile.bias[n]);
    }
  }
}

/// Calls linear_tile for a number of rows known only at run time, at most kLanes.
template <class P, int kOutputs, int kLanes = P::Vector::kLanesPerTile>
void linear_tile_of(int lanes, const LinearTile<P>& tile) {
  if (lanes == kLanes) {
    linear_tile<P, kOutputs, kLanes>(tile);
  } else if constexpr (kLanes > 1) {
    linear_tile_of<P, kOutputs, kLanes - 1>(lanes, tile);
  }
}

struct TileRange {
  int first;
  int last;
};

/// Computes a range of tiles of one block of weight rows, which stay in the cache after the first
/// tile.
template <class P, int kOutputs>
void linear_block(const LinearSlice& slice, TileRange range, int first_output) {
  const Linear& layer = *slice.layer;
  const RowTiles<typename P::Vector, P::kStep> tiles{slice.rows, layer.inputs};
  const auto* weight = static_cast<const typename P::Weight*>(layer.weight) +
                       static_cast<long>(first_output) * layer.inputs;
  const auto* input = static_cast<const typename P::Input*>(slice.packed);
  const int count = range.last - range.first;
  for (int tile = range.first; tile < range.last; ++tile) {
    const long first_row = tiles.first_row(tile);
    const long next_row = kOutputs + (tile - range.first) * kOutputs / count;
    linear_tile_of<P, kOutputs>(
        tiles.lanes(tile),
        LinearTile<P>{.weight = weight,
                      .input = input + tiles.offset(tile),
                      .weight_scale = P::kScaled ? layer.scale + first_output : nullptr,
                      .input_scale = P::kScaled ? slice.scales + first_row : nullptr,
                      .bias = layer.bias == nullptr ? nullptr : layer.bias + first_output,
                      .output = slice.output + first_row * layer.outputs + first_output,
                      .next = count >= kOutputs ? weight + next_row * layer.inputs : nullptr,
                      .inputs = layer.inputs,
                      .outputs = layer.outputs});
  }
}

/// Computes a slice of outputs. The rows of a long prompt are processed in groups that stay in the
/// second-level cache, each with all weights.
template <class P>
void linear_slice_of(const LinearSlice& slice) {
  constexpr long kGroupBytes = 384 * 1024;
  const RowTiles<typename P::Vector, P::kStep> tiles{slice.rows, slice.layer->inputs};
  const long tile_bytes = long{P::Vector::kLanesPerTile} * (slice.layer->inputs + 1) *
                          static_cast<long>(sizeof(typename P::Input));
  const int tiles_per_group =
      tile_bytes < kGroupBytes ? static_cast<int>(kGroupBytes / tile_bytes) : 1;
  const int groups = (tiles.count() + tiles_per_group - 1) / tiles_per_group;
  for (int group = 0; group < groups; ++group) {
    const TileRange range{tiles.count() * group / groups, tiles.count() * (group + 1) / groups};
    int n = slice.first;
    for (; n + kOutputsPerTile <= slice.last; n += kOutputsPerTile) {
      linear_block<P, kOutputsPerTile>(slice, range, n);
    }
    for (; n < slice.last; ++n) linear_block<P, 1>(slice, range, n);
  }
}

template <class V>
void linear_slice(const LinearSlice& slice) {
  switch (slice.layer->type) {
    case WeightType::f32:
      return linear_slice_of<FloatProducts<V, float>>(slice);
    case WeightType::f16:
      return linear_slice_of<FloatProducts<V, Half>>(slice);
    case WeightType::bf16:
      return linear_slice_of<FloatProducts<V, Bfloat16>>(slice);
    case WeightType::int8:
      return linear_slice_of<ShortProducts<V>>(slice);
    case WeightType::q8_0:
    case WeightType::q4_0:
    case WeightType::q4_1:
      break;
  }
}

}  // namespace sketchscope::kernels::cpu
