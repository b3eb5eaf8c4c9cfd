#include "kernels/activation.hpp"

#include <cmath>
#include <numbers>

namespace sketchscope::reference {
namespace {

/// Gelu is the function of Hendrycks and Gimpel, "Gaussian Error Linear Units" (arXiv 1606.08415),
/// gelu_new its tanh form.
double value_of(Activation function, double x) {
  switch (function) {
    case Activation::gelu:
      return 0.5 * x * std::erfc(-x / std::numbers::sqrt2);
    case Activation::gelu_new:
      return 0.5 * x *
             (1.0 + std::tanh(std::sqrt(2.0 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
    case Activation::relu:
      return x > 0.0 ? x : 0.0;
    case Activation::silu:
      return x / (1.0 + std::exp(-x));
    case Activation::tanh:
      break;
  }
  return std::tanh(x);
}

}  // namespace

void activate(Activation function, std::span<float> values) {
  for (float& value : values) value = static_cast<float>(value_of(function, value));
}

}  // namespace sketchscope::reference
