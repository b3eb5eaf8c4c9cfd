#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/vector_loops.hpp"

// The loops over one row of numbers: layer norm, activation functions, sums of distributions, and
// those that measure the machine.
namespace sketchscope::kernels::cpu {

/// Takes mean and variance in two passes, so that a large mean does not cost the variance its
/// digits.
template <class V>
void layer_norm_row(const LayerNormRow& row) {
  const float width = static_cast<float>(row.width);
  auto total = V::zero();
  for_each_chunk<V>(row.width, [&](auto chunk) { total = V::add(total, chunk.load(row.input)); });
  const auto mean = V::broadcast(V::sum(total) / width);

  auto squares = V::zero();
  for_each_chunk<V>(row.width, [&](auto chunk) {
    const auto centred = V::subtract(chunk.load(row.input), chunk.mask(mean));
    squares = V::multiply_add(centred, centred, squares);
  });
  const auto inverse = V::broadcast(1.0F / __builtin_sqrtf(V::sum(squares) / width + row.epsilon));

  for_each_chunk<V>(row.width, [&](auto chunk) {
    const auto centred = V::subtract(chunk.load(row.input), mean);
    const auto scaled = V::multiply(V::multiply(centred, inverse), chunk.load(row.scale));
    chunk.store(row.output, V::add(scaled, chunk.load(row.bias)));
  });
}

/// Computes x · sigmoid(u) as x / (1 + e^−u), which is precise in both tails.
template <class V>
typename V::Register gated(typename V::Register x, typename V::Register u) {
  const auto one = V::broadcast(1.0F);
  return V::divide(x, V::add(one, exp<V>(V::subtract(V::zero(), u))));
}

template <class V>
typename V::Register silu(typename V::Register x) {
  return gated<V>(x, x);
}

/// GELU in its tanh form (arXiv 1606.08415): ½x(1 + tanh u) = x · sigmoid(2u) with u = √(2/π)(x +
/// 0.044715x³).
template <class V>
typename V::Register gelu_new(typename V::Register x) {
  const auto square = V::multiply(x, x);
  const auto inner =
      V::multiply_add(square, V::broadcast(0.0713548163F), V::broadcast(1.59576912F));
  return gated<V>(x, V::multiply(x, inner));
}

/// GELU (arXiv 1606.08415): x·Φ(x), with Φ by Abramowitz and Stegun 7.1.26. The error of Φ is below
/// 7.5e-8, and in the negative tail it decays as Φ does.
template <class V>
typename V::Register gelu(typename V::Register x) {
  constexpr float kTail[] = {0.0F,         0.127414796F,  -0.142248368F,
                             0.710706871F, -0.726576013F, 0.530702715F};
  const auto one = V::broadcast(1.0F);
  const auto magnitude = V::larger(x, V::subtract(V::zero(), x));
  const auto t = V::divide(one, V::multiply_add(magnitude, V::broadcast(0.231641888F), one));
  const auto density = exp<V>(V::multiply(V::multiply(x, x), V::broadcast(-0.5F)));
  const auto tail = V::multiply(polynomial<V>(t, kTail), density);
  return V::multiply(x, V::where_negative(x, tail, V::subtract(one, tail)));
}

/// Computes tanh by its series near zero, where the digits of 1 − 2 / (e^2x + 1) would cancel.
template <class V>
typename V::Register tanh(typename V::Register x) {
  const auto one = V::broadcast(1.0F);
  const auto two = V::broadcast(2.0F);
  const auto far = V::subtract(one, V::divide(two, V::add(one, exp<V>(V::multiply(two, x)))));
  constexpr float kSeries[] = {1.0F, -1.0F / 3.0F, 2.0F / 15.0F, -17.0F / 315.0F};
  const auto square = V::multiply(x, x);
  const auto near = V::multiply(x, polynomial<V>(square, kSeries));
  return V::where_negative(V::subtract(square, V::broadcast(0.0225F)), near, far);
}

template <class V>
typename V::Register relu(typename V::Register x) {
  return V::larger(V::zero(), x);
}

/// Calls use(f), where f(register) is the function.
template <class V, class Use>
void with_activation(Activation function, Use use) {
  using Register = typename V::Register;
  switch (function) {
    case Activation::gelu:
      return use([](Register x) { return gelu<V>(x); });
    case Activation::gelu_new:
      return use([](Register x) { return gelu_new<V>(x); });
    case Activation::relu:
      return use([](Register x) { return relu<V>(x); });
    case Activation::silu:
      return use([](Register x) { return silu<V>(x); });
    case Activation::tanh:
      return use([](Register x) { return tanh<V>(x); });
  }
}

template <class V>
void activate_values(Activation function, float* values, int count) {
  with_activation<V>(function, [&](auto value_of) {
    for_each_chunk<V>(count,
                      [&](auto chunk) { chunk.store(values, value_of(chunk.load(values))); });
  });
}

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

template <class V>
void gate_row(Activation function, const GateRow& row) {
  const float* const values = row.input + row.width;
  with_activation<V>(function, [&](auto value_of) {
    for_each_chunk<V>(row.width, [&](auto chunk) {
      chunk.store(row.output, V::multiply(value_of(chunk.load(row.input)), chunk.load(values)));
    });
  });
}

template <class V>
void rms_norm_row(const RmsNormRow& row) {
  auto squares = V::zero();
  for_each_chunk<V>(row.width, [&](auto chunk) {
    const auto x = chunk.load(row.input);
    squares = V::multiply_add(x, x, squares);
  });
  const float mean = V::sum(squares) / static_cast<float>(row.width);
  const auto inverse = V::broadcast(1.0F / __builtin_sqrtf(mean + row.epsilon));
  for_each_chunk<V>(row.width, [&](auto chunk) {
    chunk.store(row.output,
                V::multiply(V::multiply(chunk.load(row.input), inverse), chunk.load(row.scale)));
  });
}

template <class V>
void rotate_head(const HeadRotation& head) {
  float* const first = head.vector;
  float* const second = head.vector + head.pairs;
  for_each_chunk<V>(head.pairs, [&](auto chunk) {
    const auto cosine = chunk.load(head.cosine);
    const auto sine = chunk.load(head.sine);
    const auto a = chunk.load(first);
    const auto b = chunk.load(second);
    const auto crossed = V::multiply(b, V::subtract(V::zero(), sine));
    chunk.store(first, V::multiply_add(a, cosine, crossed));
    chunk.store(second, V::multiply_add(b, cosine, V::multiply(a, sine)));
  });
}

}  // namespace sketchscope::kernels::cpu
