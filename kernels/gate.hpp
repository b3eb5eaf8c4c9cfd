#pragma once

#include <span>

#include "kernels/layers.hpp"

namespace sketchscope::kernels {

/// The product of a gated linear unit (Shazeer, arXiv 2002.05202): output (B, F) is function(gate)
/// · value, where each row of `input` (B, 2 F) holds F gates, then F values. F is `width`; input
/// and output must not overlap. Throws KernelError on sizes that do not fit.
void gate(Activation function, int width, std::span<const float> input, std::span<float> output,
          const cpu::KernelSet& kernels = cpu::best_kernels());

}  // namespace sketchscope::kernels
