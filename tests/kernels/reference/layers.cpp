#include "tests/kernels/reference/reference.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "kernels/kernel_error.hpp"
#include "kernels/number_format.hpp"

namespace sketchscope::kernels::reference {
namespace {

double weight_at(const Linear& layer, std::size_t index) {
  switch (layer.type) {
    case WeightType::int8: {
      const std::size_t row = index / static_cast<std::size_t>(layer.inputs);
      return static_cast<double>(layer.scale[row]) *
             static_cast<const std::int8_t*>(layer.weight)[index];
    }
    case WeightType::f16:
      return to_float(static_cast<const Half*>(layer.weight)[index]);
    case WeightType::bf16:
      return to_float(static_cast<const Bfloat16*>(layer.weight)[index]);
    case WeightType::f32:
    case WeightType::q8_0:
    case WeightType::q4_0:
    case WeightType::q4_1:
      break;
  }
  return static_cast<const float*>(layer.weight)[index];
}

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

double log_sum_exp(std::span<const float> logits) {
  if (logits.empty()) throw KernelError("a distribution over no entries was asked for");
  const double largest = *std::ranges::max_element(logits);
  double total = 0.0;
  for (const float logit : logits) total += std::exp(logit - largest);
  return largest + std::log(total);
}

}  // namespace

void linear(const Linear& layer, std::span<const float> input, int rows, std::span<float> output) {
  const auto inputs = static_cast<std::size_t>(layer.inputs);
  const auto outputs = static_cast<std::size_t>(layer.outputs);
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
    for (std::size_t n = 0; n < outputs; ++n) {
      double sum = layer.bias == nullptr ? 0.0 : layer.bias[n];
      for (std::size_t k = 0; k < inputs; ++k) {
        sum += weight_at(layer, n * inputs + k) * input[row * inputs + k];
      }
      output[row * outputs + n] = static_cast<float>(sum);
    }
  }
}

void layer_norm(std::span<const float> input, std::span<const float> scale,
                std::span<const float> bias, float epsilon, std::span<float> output) {
  const std::size_t width = scale.size();
  for (std::size_t start = 0; start < input.size(); start += width) {
    const auto row = input.subspan(start, width);
    double mean = 0.0;
    for (const double x : row) mean += x;
    mean /= static_cast<double>(width);
    double variance = 0.0;
    for (const double x : row) variance += (x - mean) * (x - mean);
    variance /= static_cast<double>(width);
    const double inverse = 1.0 / std::sqrt(variance + static_cast<double>(epsilon));
    for (std::size_t c = 0; c < width; ++c) {
      output[start + c] = static_cast<float>((row[c] - mean) * inverse * scale[c] + bias[c]);
    }
  }
}

void activate(Activation function, std::span<float> values) {
  for (float& value : values) value = static_cast<float>(value_of(function, value));
}

double softmax(std::span<const float> logits, std::span<float> probability) {
  if (probability.size() != logits.size()) {
    throw KernelError("softmax: logits and probabilities differ in size");
  }
  const double total = log_sum_exp(logits);
  for (std::size_t i = 0; i < logits.size(); ++i) {
    probability[i] = static_cast<float>(std::exp(logits[i] - total));
  }
  return total;
}

double entropy(std::span<const float> probability) {
  double sum = 0.0;
  for (const double p : probability) {
    if (p > 0.0) sum -= p * std::log(p);
  }
  return sum;
}

double logit_kl(std::span<const float> p_logits, std::span<const float> q_logits) {
  if (p_logits.size() != q_logits.size()) {
    throw KernelError("logit_kl: the two distributions differ in size");
  }
  const double p_total = log_sum_exp(p_logits);
  const double q_total = log_sum_exp(q_logits);
  double sum = 0.0;
  for (std::size_t i = 0; i < p_logits.size(); ++i) {
    const double log_p = p_logits[i] - p_total;
    const double log_q = q_logits[i] - q_total;
    sum += std::exp(log_p) * (log_p - log_q);
  }
  // Rounding can leave −1e-17 for equal distributions; a divergence is never negative.
  return std::max(sum, 0.0);
}

}  // namespace sketchscope::kernels::reference
