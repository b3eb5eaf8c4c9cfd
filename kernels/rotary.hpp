#pragma once

#include <span>

#include "kernels/cpu/instruction_set.hpp"

namespace sketchscope::kernels {

/// The rotation of one token: cosines and sines of its position's angles. R, the width that is
/// rotated, is twice their number.
struct Rotation {
  std::span<const float> cosine;  // (R / 2)
  std::span<const float> sine;    // (R / 2)
};

/// Rotates each of `vectors` (heads, D), in place: elements i and i + R/2, for i < R/2, are rotated
/// in their plane by angle i; those from R on stay (Su et al., arXiv 2104.09864, with the pairs as
/// Hugging Face's transformers form them). Cosines and sines may hold a common factor. Throws
/// KernelError on sizes that do not fit.
void rotate(const Rotation& rotation, int head_width, std::span<float> vectors,
            const cpu::KernelSet& kernels = cpu::best_kernels());

}  // namespace sketchscope::kernels
