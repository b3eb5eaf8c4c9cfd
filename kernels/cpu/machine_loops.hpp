#pragma once

namespace sketchscope::cpu {

// Independent sums: enough to hide the latency of a multiply-add, few enough for 16 registers.
inline constexpr int kChains = 12;

template <class V>
float read_values(const float* values, long count) {
  typename V::Register sums[kChains];
  for (auto& sum : sums) sum = V::zero();
  constexpr long kStride = long{kChains} * V::kWidth;
  long i = 0;
  for (; i + kStride <= count; i += kStride) {
    for (int chain = 0; chain < kChains; ++chain) {
      sums[chain] = V::add(sums[chain], V::load(values + i + chain * V::kWidth));
    }
  }
  float total = 0.0F;
  for (const auto& sum : sums) total += V::sum(sum);
  for (; i < count; ++i) total += values[i];
  return total;
}

/// Runs kChains · kWidth multiply-adds in a round; returning their result keeps the compiler from
/// removing them.
template <class V>
float multiply_add_chains(long rounds, float factor, float summand) {
  const auto factors = V::broadcast(factor);
  const auto summands = V::broadcast(summand);
  typename V::Register sums[kChains];
  for (auto& sum : sums) sum = summands;
  for (long round = 0; round < rounds; ++round) {
    for (auto& sum : sums) sum = V::multiply_add(sum, factors, summands);
  }
  float total = 0.0F;
  for (const auto& sum : sums) total += V::sum(sum);
  return total;
}

}  // namespace sketchscope::cpu
