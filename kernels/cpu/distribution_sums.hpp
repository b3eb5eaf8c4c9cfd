#pragma once

#include "kernels/cpu/vector_rows.hpp"

namespace sketchscope::cpu {

/// Block of floats that is summed in float; the sums of blocks are added in double.
inline constexpr int kBlock = 256;

/// Returns Σ over blocks of sum_of(start, count).
template <class SumOf>
double sum_blocks(int count, SumOf sum_of) {
  double total = 0.0;
  for (int start = 0; start < count; start += kBlock) {
    const int left = count - start;
    total += static_cast<double>(sum_of(start, left < kBlock ? left : kBlock));
  }
  return total;
}

template <class V>
double exponentials(const float* logits, int count, float offset, float* probability) {
  return sum_blocks(count, [&](int start, int length) {
    float unwanted[kBlock];
    float* output = probability == nullptr ? unwanted : probability + start;
    return exponentiate<V>(logits + start, length, offset, output);
  });
}

template <class V>
double entropy_sum(const float* probability, int count) {
  return sum_blocks(count, [&](int start, int length) {
    auto sum = V::zero();
    for_each_chunk<V>(length, [&](auto chunk) {
      // log() of zero is finite here, so zeros and padding add nothing.
      const auto p = chunk.load(probability + start);
      sum = V::subtract(sum, V::multiply(p, log<V>(p)));
    });
    return V::sum(sum);
  });
}

/// Returns Σ w(e^−d − 1 + d) with w = e^(p − p_offset) and d = p − q − shift. Since Σ w = Σ w·e^−d
/// when shift is the difference of the log-sum-exps, this equals Σ w·d, but no term is negative, so
/// that a small divergence is not lost in the cancellation of large terms.
template <class V>
double divergence_sum(const float* p, const float* q, int count, float p_offset, float shift) {
  // The coefficients of (e^−d − 1 + d) / d² in powers of d, used where d is small.
  constexpr float kSeries[] = {1.0F / 2.0F,   -1.0F / 6.0F,    1.0F / 24.0F,   -1.0F / 120.0F,
                               1.0F / 720.0F, -1.0F / 5040.0F, 1.0F / 40320.0F};
  return sum_blocks(count, [&](int start, int length) {
    auto sum = V::zero();
    for_each_chunk<V>(length, [&](auto chunk) {
      const auto p_logit = chunk.load(p + start);
      const auto q_logit = V::add(chunk.load(q + start), V::broadcast(shift));
      const auto d = V::subtract(p_logit, q_logit);
      const auto square = V::multiply(d, d);
      const auto weight = exp<V>(V::subtract(p_logit, V::broadcast(p_offset)));
      const auto near = V::multiply(V::multiply(weight, square), polynomial<V>(d, kSeries));
      const auto far = V::multiply_add(weight, V::subtract(d, V::broadcast(1.0F)),
                                       exp<V>(V::subtract(q_logit, V::broadcast(p_offset))));
      const auto is_near = V::subtract(square, V::broadcast(0.25F));
      sum = V::add(sum, chunk.mask(V::where_negative(is_near, near, far)));
    });
    return V::sum(sum);
  });
}

}  // namespace sketchscope::cpu
