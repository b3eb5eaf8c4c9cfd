#pragma once

#include <span>

namespace sketchscope {

/// Layer normalisation of each row of `input` (B, C): (x − mean) / sqrt(variance + epsilon) · scale
/// + bias, with the biased variance (Ba, Kiros and Hinton, arXiv 1607.06450). `output` (B, C) may
/// be `input`; B follows from the sizes, C from `scale` (C). Throws KernelError on sizes that do
/// not fit.
void layer_norm(std::span<const float> input, std::span<const float> scale,
                std::span<const float> bias, float epsilon, std::span<float> output);

}  // namespace sketchscope
