#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstdint>

#include "kernels/cuda/launch_kernel.cuh"
#include "kernels/layers.hpp"

namespace sketchscope::kernels::cuda {

__device__ inline float as_float(float weight) {
  return weight;
}
__device__ inline float as_float(std::int8_t weight) {
  return static_cast<float>(weight);
}
__device__ inline float as_float(__half weight) {
  return __half2float(weight);
}
__device__ inline float as_float(__nv_bfloat16 weight) {
  return __bfloat162float(weight);
}

/// Weights of one row of a layer, without the scale that the row may have: of every 32 of them the
/// one whose place is `place`, as the threads of a warp share them out.
template <class T>
class WeightsOfThread {
 public:
  WeightsOfThread() = default;
  __device__ WeightsOfThread(const Linear& layer, std::size_t row, int place)
      : first_(static_cast<const T*>(layer.weight) + row * layer.inputs + place) {}

  /// Returns the weight of the `step`-th 32.
  __device__ float at(int step) const { return as_float(first_[step * kWarp]); }
  /// Leaves the first `steps` behind.
  __device__ void move(int steps) { first_ += steps * kWarp; }

 private:
  const T* first_;
};

/// The blocks of GGUF files (WeightType), as a row of weights has them one after the other.
struct BlockQ80 {
  __half scale;
  std::int8_t codes[kWeightsPerBlock];

  __device__ float at(int place) const {
    return __half2float(scale) * static_cast<float>(codes[place]);
  }
};

/// Codes of 4 bits: byte i has those of the weights i and i + 16.
struct CodesOf4Bits {
  std::uint8_t pairs[kWeightsPerBlock / 2];

  __device__ float at(int place) const {
    const int pair = pairs[place % (kWeightsPerBlock / 2)];
    return static_cast<float>(place < kWeightsPerBlock / 2 ? pair & 15 : pair >> 4);
  }
};

struct BlockQ40 {
  __half scale;
  CodesOf4Bits codes;

  __device__ float at(int place) const { return __half2float(scale) * (codes.at(place) - 8.0F); }
};

struct BlockQ41 {
  __half scale;
  __half minimum;
  CodesOf4Bits codes;

  __device__ float at(int place) const {
    return fmaf(__half2float(scale), codes.at(place), __half2float(minimum));
  }
};

static_assert(sizeof(BlockQ80) == block_sizes(WeightType::q8_0).total());
static_assert(sizeof(BlockQ40) == block_sizes(WeightType::q4_0).total());
static_assert(sizeof(BlockQ41) == block_sizes(WeightType::q4_1).total());

template <class T>
inline constexpr bool kIsBlock = false;
template <>
inline constexpr bool kIsBlock<BlockQ80> = true;
template <>
inline constexpr bool kIsBlock<BlockQ40> = true;
template <>
inline constexpr bool kIsBlock<BlockQ41> = true;

/// A step of a warp is a block, of which each thread takes one weight.
template <class T>
requires kIsBlock<T>
class WeightsOfThread<T> {
 public:
  WeightsOfThread() = default;
  __device__ WeightsOfThread(const Linear& layer, std::size_t row, int place)
      : blocks_(static_cast<const T*>(layer.weight) + row * (layer.inputs / kWeightsPerBlock)),
        place_(place) {}

  __device__ float at(int step) const { return blocks_[step].at(place_); }
  __device__ void move(int steps) { blocks_ += steps; }

 private:
  const T* blocks_;
  int place_;
};

static_assert(kWeightsPerBlock == kWarp);

/// Calls `launch` with a value of the device type of weights of `type`.
template <class Launch>
void with_weight_type(WeightType type, const Launch& launch) {
  switch (type) {
    case WeightType::f32:
      launch(float{});
      break;
    case WeightType::f16:
      launch(__half{});
      break;
    case WeightType::bf16:
      launch(__nv_bfloat16{});
      break;
    case WeightType::int8:
      launch(std::int8_t{});
      break;
    case WeightType::q8_0:
      launch(BlockQ80{});
      break;
    case WeightType::q4_0:
      launch(BlockQ40{});
      break;
    case WeightType::q4_1:
      launch(BlockQ41{});
      break;
  }
}

}  // namespace sketchscope::kernels::cuda
