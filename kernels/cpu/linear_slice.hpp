#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/vector_tail.hpp"
#include "kernels/number_format.hpp"

namespace sketchscope::cpu {

inline constexpr int kOutputsPerTile = 4;
inline constexpr int kKeepInSecondLevel = 2;

/// How the rows of an input are shared out among tiles: evenly, so that none is left with a single
/// one. A tile's rows lie packed as its inner loop meets them, one vector of each row after the
/// other, padded with zeros: rows that lie a multiple of 4096 bytes apart would compete for the
/// same lines of the cache.
template <class V>
struct RowTiles {
  int rows;
  int inputs;

  [[nodiscard]] int count() const { return (rows + V::kLanesPerTile - 1) / V::kLanesPerTile; }
  [[nodiscard]] int first_row(int tile) const { return rows * tile / count(); }
  [[nodiscard]] int lanes(int tile) const { return first_row(tile + 1) - first_row(tile); }
  /// Where the tile begins in the packed rows.
  [[nodiscard]] long offset(int tile) const {
    const int vectors = (inputs + V::kWidth - 1) / V::kWidth;
    return static_cast<long>(first_row(tile)) * vectors * V::kWidth;
  }
};

template <class V>
void pack_rows(const RowPacking& packing) {
  const RowTiles<V> tiles{packing.rows, packing.inputs};
  const int lanes = tiles.lanes(packing.tile);
  for (int lane = 0; lane < lanes; ++lane) {
    const int row = tiles.first_row(packing.tile) + lane;
    const float* input = packing.input + static_cast<long>(row) * packing.inputs;
    float* packed = packing.packed + tiles.offset(packing.tile) + lane * V::kWidth;
    for_each_chunk<V>(packing.inputs, [&](auto chunk) {
      V::store(packed + static_cast<long>(chunk.start) * lanes, chunk.load(input));
    });
  }
}

/// Where a tile of outputs finds its weight rows and its input rows, and leaves its sums.
template <class T>
struct LinearTile {
  const T* weight;     // rows `inputs` apart
  const float* input;  // packed
  const float* bias;   // or null
  float* output;       // rows `outputs` apart
  long inputs;
  long outputs;
};

/// kOutputs outputs of kLanes rows. Whatever the tile's size an output is summed alike: products in
/// one vector accumulator along K, its elements added by V::sum, the bias last.
template <class V, class T, int kOutputs, int kLanes>
void linear_tile(const LinearTile<T>& tile) {
  typename V::Register sums[kOutputs][kLanes];
  for (auto& row : sums) {
    for (auto& sum : row) sum = V::zero();
  }
  const auto accumulate = [&](long k, auto load_weight) {
    typename V::Register x[kLanes];
    for (int lane = 0; lane < kLanes; ++lane) {
      x[lane] = V::load(tile.input + k * kLanes + lane * V::kWidth);
    }
    for (int n = 0; n < kOutputs; ++n) {
      const T* weight = tile.weight + n * tile.inputs + k;
      // The same place in the next block: the processor's own prefetcher stops at page ends.
      __builtin_prefetch(weight + kOutputsPerTile * tile.inputs, 0, kKeepInSecondLevel);
      const auto w = load_weight(weight);
      for (int lane = 0; lane < kLanes; ++lane) {
        sums[n][lane] = V::multiply_add(w, x[lane], sums[n][lane]);
      }
    }
  };
  long k = 0;
  for (; k + V::kWidth <= tile.inputs; k += V::kWidth) {
    accumulate(k, [](const T* p) { return V::load(p); });
  }
  if (const int rest = static_cast<int>(tile.inputs - k); rest > 0) {
    accumulate(k, [rest](const T* p) { return load_first<V>(p, rest); });
  }
  for (int lane = 0; lane < kLanes; ++lane) {
    for (int n = 0; n < kOutputs; ++n) {
      tile.output[lane * tile.outputs + n] =
          V::sum(sums[n][lane]) + (tile.bias == nullptr ? 0.0F : tile.bias[n]);
    }
  }
}

/// linear_tile for a number of rows known only at run time, at most kLanes.
template <class V, class T, int kOutputs, int kLanes = V::kLanesPerTile>
void linear_tile_of(int lanes, const LinearTile<T>& tile) {
  if (lanes == kLanes) {
    linear_tile<V, T, kOutputs, kLanes>(tile);
  } else if constexpr (kLanes > 1) {
    linear_tile_of<V, T, kOutputs, kLanes - 1>(lanes, tile);
  }
}

/// All rows of one block of weight rows, which stay in the cache from the first tile on.
template <class V, class T, int kOutputs>
void linear_block(const LinearSlice& slice, int first_output) {
  const Linear& layer = *slice.layer;
  const RowTiles<V> tiles{slice.rows, layer.inputs};
  for (int tile = 0; tile < tiles.count(); ++tile) {
    const long first_row = tiles.first_row(tile);
    linear_tile_of<V, T, kOutputs>(
        tiles.lanes(tile),
        LinearTile<T>{.weight = static_cast<const T*>(layer.weight) +
                                static_cast<long>(first_output) * layer.inputs,
                      .input = slice.packed + tiles.offset(tile),
                      .bias = layer.bias == nullptr ? nullptr : layer.bias + first_output,
                      .output = slice.output + first_row * layer.outputs + first_output,
                      .inputs = layer.inputs,
                      .outputs = layer.outputs});
  }
}

template <class V, class T>
void linear_slice_of(const LinearSlice& slice) {
  int n = slice.first;
  for (; n + kOutputsPerTile <= slice.last; n += kOutputsPerTile) {
    linear_block<V, T, kOutputsPerTile>(slice, n);
  }
  for (; n < slice.last; ++n) linear_block<V, T, 1>(slice, n);
}

template <class V>
void linear_slice(const LinearSlice& slice) {
  switch (slice.layer->type) {
    case WeightType::f32:
      return linear_slice_of<V, float>(slice);
    case WeightType::f16:
      return linear_slice_of<V, Half>(slice);
    case WeightType::bf16:
      return linear_slice_of<V, Brain>(slice);
  }
}

}  // namespace sketchscope::cpu
