// Linear layers: tiles of some outputs and eight rows, a tile for each warp.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"
#include "kernels/cuda/weight_value.cuh"

namespace sketchscope::kernels::cuda {
namespace {

constexpr int kWarpsPerBlock = kThreads / kWarp;
// Products of a thread between two movements of the addresses that it reads from.
constexpr int kStepsAtOnce = 2;
// Blocks of a multiprocessor, which leave 128 registers to a thread.
constexpr int kBlocksBesideEachOther = 2;

/// Sums each of `values` over the warp. Every sum has the order of warp_sum() and so its bits, but
/// a thread adds up only the values that it hands on: thread t returns the sum of values[t · kCount
/// / 32]. That takes kCount − 1 exchanges and those that make up five, where sums one by one take
/// 5 · kCount.
template <int kCount>
__device__ float warp_sums(float (&values)[kCount]) {
  static_assert(kCount <= kWarp && kWarp % kCount == 0);
  const unsigned thread = threadIdx.x % kWarp;
  for (int distance = kWarp / 2; distance > 0; distance /= 2) {
    const int count = kCount * distance / kWarp;  // values that go on
    if (count == 0) {
      values[0] += __shfl_xor_sync(kWholeWarp, values[0], distance);
      continue;
    }
    const bool upper = (thread & distance) != 0;
    for (int i = 0; i < count; ++i) {
      const float other = upper ? values[i] : values[i + count];
      values[i] =
          (upper ? values[i + count] : values[i]) + __shfl_xor_sync(kWholeWarp, other, distance);
    }
  }
  return values[0];
}

/// Runs one warp per `kOutputs` outputs and kRowsPerTile rows. Thread t sums the inputs k ≡ t (mod
/// 32) in their order, so the warp reads weights and inputs as whole cache lines, and the bits of
/// an output are the same in every tile. The weights of a tile meet all its rows in registers: one
/// output takes 9 loads for 8 products, 4 outputs 12 for 32, 8 outputs 16 for 64. A multiprocessor
/// multiplies for four warps in the time of one warp's load from the first-level cache, so that 8
/// outputs balance the two. Their 64 sums, 16 addresses and 16 operands fill the 128 registers that
/// two blocks beside each other leave to a thread; with more outputs they would spill, and with
/// three blocks 4 outputs do already.
template <class T, int kOutputs>
__global__ void __launch_bounds__(kThreads, kBlocksBesideEachOther)
    linear_kernel(Linear layer, const float* input, int rows, float* output) {
  const int thread = threadIdx.x % kWarp;
  const int first_output =
      (blockIdx.x * kWarpsPerBlock + threadIdx.x / kWarp) * static_cast<unsigned>(kOutputs);
  if (first_output >= layer.outputs) return;
  const int first_row = blockIdx.y * kRowsPerTile;
  const int row_count = min(kRowsPerTile, rows - first_row);

  // A tile that reaches beyond the last output or row computes that one again and leaves it out.
  WeightsOfThread<T> weights[kOutputs];
  for (int n = 0; n < kOutputs; ++n) {
    weights[n] = {layer, static_cast<std::size_t>(min(first_output + n, layer.outputs - 1)),
                  thread};
  }
  const float* inputs[kRowsPerTile];
  for (int row = 0; row < kRowsPerTile; ++row) {
    const auto index = static_cast<std::size_t>(first_row + min(row, row_count - 1));
    inputs[row] = input + index * layer.inputs + thread;
  }

  float sums[kOutputs][kRowsPerTile] = {};
  const auto add_products = [&](int step) {
    float w[kOutputs];
    for (int n = 0; n < kOutputs; ++n) w[n] = weights[n].at(step);
    for (int row = 0; row < kRowsPerTile; ++row) {
      if (kOutputs == 1 && row >= row_count) break;  // few rows, whose loads are the work
      const float x = inputs[row][step * kWarp];
      for (int n = 0; n < kOutputs; ++n) sums[n][row] = fmaf(w[n], x, sums[n][row]);
    }
  };
  int steps = (layer.inputs - thread + kWarp - 1) / kWarp;
  for (; steps >= kStepsAtOnce; steps -= kStepsAtOnce) {
    for (int step = 0; step < kStepsAtOnce; ++step) add_products(step);
    for (int n = 0; n < kOutputs; ++n) weights[n].move(kStepsAtOnce);
    for (int row = 0; row < kRowsPerTile; ++row) inputs[row] += kStepsAtOnce * kWarp;
  }
  for (int step = 0; step < steps; ++step) add_products(step);

  // One output's rows at a time.
  constexpr int kThreadsPerSum = kWarp / kRowsPerTile;
  const int row = thread / kThreadsPerSum;
  for (int n = 0; n < kOutputs; ++n) {
    const float sum = warp_sums(sums[n]);
    const int index = first_output + n;
    if (thread % kThreadsPerSum != 0 || row >= row_count || index >= layer.outputs) continue;
    // Rounded twice whatever a compiler would like to fuse.
    const float scale = layer.scale == nullptr ? 1.0F : layer.scale[index];
    const float bias = layer.bias == nullptr ? 0.0F : layer.bias[index];
    output[static_cast<std::size_t>(first_row + row) * layer.outputs + index] =
        __fadd_rn(__fmul_rn(sum, scale), bias);
  }
}

template <class T, int kOutputs>
void launch_tiles(const Linear& layer, const float* input, int rows, float* output, Stream stream) {
  const dim3 blocks(blocks_for(static_cast<std::size_t>(layer.outputs), kOutputs * kWarpsPerBlock),
                    blocks_for(static_cast<std::size_t>(rows), kRowsPerTile));
  launch_kernel(linear_kernel<T, kOutputs>, {.blocks = blocks}, stream, "linear", layer, input,
                rows, output);
}

/// The most outputs of a tile. A weight in a block has two addresses, its own and its scale's, for
/// which the registers of 8 outputs do not suffice.
template <class T>
constexpr int most_outputs() {
  return kIsBlock<T> ? 4 : 8;
}

template <class T>
void launch(const Linear& layer, const float* input, int rows, float* output, int outputs_of_tile,
            Stream stream) {
  if (outputs_of_tile < 4) return launch_tiles<T, 1>(layer, input, rows, output, stream);
  if (outputs_of_tile < most_outputs<T>()) {
    return launch_tiles<T, 4>(layer, input, rows, output, stream);
  }
  launch_tiles<T, most_outputs<T>()>(layer, input, rows, output, stream);
}

}  // namespace

void launch_linear(const Linear& layer, const float* input, int rows, float* output,
                   int outputs_of_tile, Stream stream) {
  if (rows == 0 || layer.outputs == 0) return;
  with_weight_type(layer.type, [&](auto weight) {
    launch<decltype(weight)>(layer, input, rows, output, outputs_of_tile, stream);
  });
}

void launch_linear(const Linear& layer, const float* input, int rows, float* output,
                   Stream stream) {
  launch_linear(layer, input, rows, output, outputs_per_tile(layer.outputs, rows), stream);
}

}  // namespace sketchscope::kernels::cuda
