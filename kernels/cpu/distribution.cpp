#include "kernels/distribution.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope::kernels {
namespace {

/// The sum Σ e^logit, kept as e^offset · total so that it cannot overflow.
struct ExponentialSum {
  float offset = 0.0F;
  double total = 0.0;

  [[nodiscard]] double log() const { return offset + std::log(total); }
};

/// Sums e^logit; `probability`, which may be null, receives e^(logit − offset).
ExponentialSum exponential_sum(const cpu::KernelSet& kernels, std::span<const float> logits,
                               float* probability) {
  if (logits.empty()) throw KernelError("a distribution over no entries was asked for");
  const int count = static_cast<int>(logits.size());
  const float largest = kernels.largest(logits.data(), count);
  return {largest, kernels.exponentials(logits.data(), count, largest, probability)};
}

}  // namespace

double softmax(std::span<const float> logits, std::span<float> probability,
               const cpu::KernelSet& kernels) {
  check_softmax(logits, probability);
  const ExponentialSum sum = exponential_sum(kernels, logits, probability.data());
  const auto factor = static_cast<float>(1.0 / sum.total);
  for (float& p : probability) p *= factor;
  return sum.log();
}

double entropy(std::span<const float> probability, const cpu::KernelSet& kernels) {
  return kernels.entropy(probability.data(), static_cast<int>(probability.size()));
}

double logit_kl(std::span<const float> p_logits, std::span<const float> q_logits,
                const cpu::KernelSet& kernels) {
  expect_size("logit_kl: second distribution", q_logits.size(), p_logits.size());
  const ExponentialSum p = exponential_sum(kernels, p_logits, nullptr);
  const ExponentialSum q = exponential_sum(kernels, q_logits, nullptr);
  const auto shift = static_cast<float>(p.log() - q.log());
  return kernels.divergence(p_logits.data(), q_logits.data(), static_cast<int>(p_logits.size()),
                            p.offset, shift) /
         p.total;
}

int rank_of(std::span<const float> values, int index) {
  const auto chosen = static_cast<std::size_t>(index);
  const float value = values[chosen];
  const auto before =
      std::ranges::count_if(values.first(chosen), [&](float x) { return x >= value; });
  const auto after =
      std::ranges::count_if(values.subspan(chosen + 1), [&](float x) { return x > value; });
  return static_cast<int>(before + after);
}

}  // namespace sketchscope::kernels
