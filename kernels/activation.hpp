#pragma once

#include <cstdint>
#include <span>

namespace sketchscope {

/// The activation functions that a GPT-2 configuration may name.
enum class Activation : std::uint8_t { gelu, gelu_new, relu, silu, tanh };

/// Applies the function to every value, in place.
void activate(Activation function, std::span<float> values);

}  // namespace sketchscope
