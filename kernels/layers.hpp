#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/cpu/instruction_set.hpp"
#include "kernels/parallel.hpp"
#include "kernels/weight_type.hpp"

namespace sketchscope::kernels {

/// A linear layer, y = x · weightᵀ + bias, as it lies in memory.
struct Linear {
  const void* weight = nullptr;  // (N, K) of `type`: in panels, on a device row-major
  WeightType type = WeightType::f32;
  const float* scale = nullptr;  // (N), for int8 alone: one scale per weight row
  const float* bias = nullptr;   // (N), or null
  int inputs = 0;                // K
  int outputs = 0;               // N
};

/// Computes output (B, N) from input (B, K), B = `rows`, with weights in panels
/// (weight_panels.hpp). A weight is read once for dozens of rows. Every output is summed in one
/// order that depends on K alone, so a row's result is the same bit for bit whatever the number of
/// rows and threads (per instruction set): products with floats in the order of the inputs, 256 of
/// them at a time. Codes of 8 or 4 bits are multiplied with inputs of 16 bits, which are rounded
/// relative to the largest magnitude of the 32 inputs that stand together; these products are
/// summed exactly, and a row with a number that is not finite gives NaN. int8 weights lie in [−127,
/// 127]. K is a multiple of 32 for weights in blocks. Throws KernelError on sizes that do not fit.
void linear(ThreadPool& pool, const Linear& layer, std::span<const float> input, int rows,
            std::span<float> output, const cpu::KernelSet& kernels = cpu::best_kernels());

/// Layer normalisation of each row of `input` (B, C): (x − mean) / sqrt(variance + epsilon) · scale
/// + bias, with the biased variance (Ba, Kiros and Hinton, arXiv 1607.06450). `output` (B, C) may
/// be `input`; B follows from the sizes, C from `scale` (C). Throws KernelError on sizes that do
/// not fit.
void layer_norm(std::span<const float> input, std::span<const float> scale,
                std::span<const float> bias, float epsilon, std::span<float> output,
                const cpu::KernelSet& kernels = cpu::best_kernels());

/// The activation functions that a GPT-2 configuration may name.
enum class Activation : std::uint8_t { gelu, gelu_new, relu, silu, tanh };

/// Applies the function to every value, in place.
void activate(Activation function, std::span<float> values,
              const cpu::KernelSet& kernels = cpu::best_kernels());

}  // namespace sketchscope::kernels
