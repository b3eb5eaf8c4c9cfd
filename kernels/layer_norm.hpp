#pragma once

#include <span>

namespace sketchscope {

/// (x − mean) / sqrt(variance + epsilon) · scale + bias over each row of `input` (B, C); biased
/// variance. `output` (B, C) may be `input`. B follows from the sizes, C from `scale` (C).
void layer_norm(std::span<const float> input, std::span<const float> scale,
                std::span<const float> bias, float epsilon, std::span<float> output);

namespace reference {
void layer_norm(std::span<const float> input, std::span<const float> scale,
                std::span<const float> bias, float epsilon, std::span<float> output);
}  // namespace reference

}  // namespace sketchscope
