#pragma once

// What the CUDA language adds to C++, for kernels that the emulator runs: included before their
// sources, which are then compiled as plain C++. The names are the language's own.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <source_location>

#include "tests/cuda_emulator/block.hpp"

#define __global__
#define __device__
#define __host__
#define __shared__ static
#define __forceinline__ inline
#define __launch_bounds__(...)

namespace sketchscope::cuda_emulator {

template <unsigned (*index)()>
struct Coordinate {
  operator unsigned() const { return index(); }
};

inline unsigned block_x() {
  return block_index().x;
}
inline unsigned block_y() {
  return block_index().y;
}
inline unsigned block_z() {
  return block_index().z;
}

/// The bits of a value of at most eight bytes, there and back.
template <class T>
std::uint64_t to_bits(T value) {
  static_assert(sizeof(T) <= sizeof(std::uint64_t));
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(T));
  return bits;
}
template <class T>
T from_bits(std::uint64_t bits) {
  T value;
  std::memcpy(&value, &bits, sizeof(T));
  return value;
}

template <class T>
T shuffle(T value, unsigned from, const std::source_location& at) {
  return from_bits<T>(exchange_in_warp(to_bits(value), from < 32 ? from : lane_index(), at));
}

}  // namespace sketchscope::cuda_emulator

inline constexpr struct {
  sketchscope::cuda_emulator::Coordinate<sketchscope::cuda_emulator::thread_index> x;
} threadIdx;

inline constexpr struct {
  sketchscope::cuda_emulator::Coordinate<sketchscope::cuda_emulator::block_x> x;
  sketchscope::cuda_emulator::Coordinate<sketchscope::cuda_emulator::block_y> y;
  sketchscope::cuda_emulator::Coordinate<sketchscope::cuda_emulator::block_z> z;
} blockIdx;

inline void __syncthreads(std::source_location at = std::source_location::current()) {
  sketchscope::cuda_emulator::wait_for_block(at);
}

template <class T>
T __shfl_xor_sync(unsigned, T value, unsigned mask,
                  std::source_location at = std::source_location::current()) {
  namespace emulator = sketchscope::cuda_emulator;
  return emulator::shuffle(value, emulator::lane_index() ^ mask, at);
}

template <class T>
T __shfl_down_sync(unsigned, T value, unsigned distance,
                   std::source_location at = std::source_location::current()) {
  namespace emulator = sketchscope::cuda_emulator;
  return emulator::shuffle(value, emulator::lane_index() + distance, at);
}

inline int atomicMax(int* cell, int value) {
  const int before = *cell;
  *cell = std::max(before, value);
  return before;
}

inline int __float_as_int(float value) {
  return std::bit_cast<int>(value);
}

inline float __fdiv_rn(float numerator, float denominator) {
  return numerator / denominator;
}

/// A product and a sum that no compiler fuses.
inline float __fmul_rn(float a, float b) {
  const volatile float product = a * b;
  return product;
}
inline float __fadd_rn(float a, float b) {
  const volatile float sum = a + b;
  return sum;
}

inline int __float2int_rn(float value) {
  return static_cast<int>(std::nearbyint(value));
}

using std::isnan;
using std::max;
using std::min;
