#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/vector_tail.hpp"
#include "kernels/number_format.hpp"

namespace sketchscope::cpu {

inline constexpr int kOutputsPerTile = 4;
inline constexpr int kKeepInSecondLevel = 2;

/// Where a tile of outputs finds its weight rows and its input rows, and leaves its sums.
template <class T>
struct LinearTile {
  const T* weight;     // rows `inputs` apart
  const float* input;  // rows `inputs` apart
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
  const auto accumulate = [&](long k, auto load) {
    typename V::Register x[kLanes];
    for (int lane = 0; lane < kLanes; ++lane) x[lane] = load(tile.input + lane * tile.inputs + k);
    for (int n = 0; n < kOutputs; ++n) {
      const T* weight = tile.weight + n * tile.inputs + k;
      // The same place in the next block: the processor's own prefetcher stops at page ends.
      __builtin_prefetch(weight + kOutputsPerTile * tile.inputs, 0, kKeepInSecondLevel);
      const auto w = load(weight);
      for (int lane = 0; lane < kLanes; ++lane) {
        sums[n][lane] = V::multiply_add(w, x[lane], sums[n][lane]);
      }
    }
  };
  long k = 0;
  for (; k + V::kWidth <= tile.inputs; k += V::kWidth) {
    accumulate(k, [](const auto* p) { return V::load(p); });
  }
  if (const int rest = static_cast<int>(tile.inputs - k); rest > 0) {
    accumulate(k, [rest](const auto* p) { return load_first<V>(p, rest); });
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

/// All rows of one block of weight rows, which stay in the cache from the first tile on. The rows
/// are shared out evenly, so that no tile is left with a single one.
template <class V, class T, int kOutputs>
void linear_block(const LinearSlice& slice, int first_output) {
  const Linear& layer = *slice.layer;
  LinearTile<T> tile{.weight = static_cast<const T*>(layer.weight) +
                               static_cast<long>(first_output) * layer.inputs,
                     .input = slice.input,
                     .bias = layer.bias == nullptr ? nullptr : layer.bias + first_output,
                     .output = slice.output + first_output,
                     .inputs = layer.inputs,
                     .outputs = layer.outputs};
  int rows_left = slice.rows;
  int tiles_left = (slice.rows + V::kLanesPerTile - 1) / V::kLanesPerTile;
  for (; tiles_left > 0; --tiles_left) {
    const int lanes = (rows_left + tiles_left - 1) / tiles_left;
    linear_tile_of<V, T, kOutputs>(lanes, tile);
    tile.input += lanes * tile.inputs;
    tile.output += lanes * tile.outputs;
    rows_left -= lanes;
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
