#include "kernels/distribution.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/kernel_error.hpp"

namespace sketchscope::reference {
namespace {

double log_sum_exp(std::span<const float> logits) {
  if (logits.empty()) throw KernelError("a distribution over no entries was asked for");
  const double largest = *std::ranges::max_element(logits);
  double total = 0.0;
  for (const float logit : logits) total += std::exp(logit - largest);
  return largest + std::log(total);
}

}  // namespace

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

}  // namespace sketchscope::reference
