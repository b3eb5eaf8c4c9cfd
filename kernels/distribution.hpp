#pragma once

#include <span>

#include "kernels/cpu/instruction_set.hpp"

namespace sketchscope::kernels {

/// Writes the softmax of `logits` (V) to `probability` (V), which may be `logits`. Returns ln Σ
/// e^logit, summed in double, so that ln p_i = logit_i − result. Throws KernelError where the sizes
/// differ or V is 0.
double softmax(std::span<const float> logits, std::span<float> probability,
               const cpu::KernelSet& kernels = cpu::best_kernels());

/// Entropy in nats, −Σ p ln p, with 0 ln 0 = 0.
double entropy(std::span<const float> probability,
               const cpu::KernelSet& kernels = cpu::best_kernels());

/// KL(p‖q) in nats of the softmax distributions of two rows of logits (V). Throws KernelError where
/// the sizes differ or V is 0.
double logit_kl(std::span<const float> p_logits, std::span<const float> q_logits,
                const cpu::KernelSet& kernels = cpu::best_kernels());

/// Number of entries greater than values[index]: 0 for the largest. Equal entries of a lower index
/// count too, so ranks are distinct.
int rank_of(std::span<const float> values, int index);

}  // namespace sketchscope::kernels
