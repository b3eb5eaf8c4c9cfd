#pragma once

#include "kernels/cpu/vector_math.hpp"
#include "kernels/cpu/vector_tail.hpp"

namespace sketchscope::cpu {

template <class V>
float dot(const float* a, const float* b, int count) {
  auto sum = V::zero();
  for_each_chunk<V>(count,
                    [&](auto chunk) { sum = V::multiply_add(chunk.load(a), chunk.load(b), sum); });
  return V::sum(sum);
}

/// Returns the largest of `count` >= 1 values.
template <class V>
float largest_of(const float* values, int count) {
  auto largest = V::broadcast(values[0]);
  int i = 0;
  for (; i + V::kWidth <= count; i += V::kWidth) largest = V::larger(largest, V::load(values + i));
  float candidates[V::kWidth];
  V::store(candidates, largest);
  float result = candidates[0];
  for (const float x : candidates) result = x > result ? x : result;
  for (; i < count; ++i) result = values[i] > result ? values[i] : result;
  return result;
}

/// Writes e^(input − offset) to `output`, which may be `input`, and returns the sum.
template <class V>
float exponentiate(const float* input, int count, float offset, float* output) {
  const auto shift = V::broadcast(offset);
  auto total = V::zero();
  for_each_chunk<V>(count, [&](auto chunk) {
    const auto power = exp<V>(V::subtract(chunk.load(input), shift));
    chunk.store(output, power);
    total = V::add(total, chunk.mask(power));
  });
  return V::sum(total);
}

template <class V>
void scale_row(float* values, int count, float factor) {
  const auto factors = V::broadcast(factor);
  for_each_chunk<V>(
      count, [&](auto chunk) { chunk.store(values, V::multiply(chunk.load(values), factors)); });
}

}  // namespace sketchscope::cpu
