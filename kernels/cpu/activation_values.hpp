#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/vector_math.hpp"
#include "kernels/cpu/vector_tail.hpp"

namespace sketchscope::cpu {

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

}  // namespace sketchscope::cpu
