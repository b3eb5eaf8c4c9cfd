#pragma once

#include <cstdint>
#include <span>

#include "kernels/parallel.hpp"

namespace sketchscope {

enum class WeightType : std::uint8_t { f32, f16, bf16 };

/// A linear layer as it lies in memory: y = x · weightᵀ + bias.
struct Linear {
  const void* weight = nullptr;  // (N, K) row-major, of `type`
  WeightType type = WeightType::f32;
  const float* bias = nullptr;  // (N), or null
  int inputs = 0;               // K
  int outputs = 0;              // N
};

/// input (B, K), output (B, N), B = `rows`. Each weight row is read once for all rows. Every output
/// is summed in one order that depends on K alone, so a row's result is the same bit for bit
/// whatever the number of rows and threads (per instruction set).
void linear(ThreadPool& pool, const Linear& layer, std::span<const float> input, int rows,
            std::span<float> output);

namespace reference {
/// The same with double accumulation and no threads: the truth in tests.
void linear(const Linear& layer, std::span<const float> input, int rows, std::span<float> output);
}  // namespace reference

}  // namespace sketchscope
