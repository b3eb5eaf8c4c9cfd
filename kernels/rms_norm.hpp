#pragma once

#include <span>

#include "kernels/cpu/instruction_set.hpp"

namespace sketchscope::kernels {

/// Root-mean-square normalisation of each row of `input` (B, C): x / sqrt(mean of x² + epsilon) ·
/// scale (Zhang and Sennrich, arXiv 1910.07467). `output` (B, C) may be `input`; B follows from the
/// sizes, C from `scale` (C). Throws KernelError on sizes that do not fit.
void rms_norm(std::span<const float> input, std::span<const float> scale, float epsilon,
              std::span<float> output, const cpu::KernelSet& kernels = cpu::best_kernels());

}  // namespace sketchscope::kernels
