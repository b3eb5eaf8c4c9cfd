#pragma once

#include <cstdint>

#include "kernels/cpu/vector_tail.hpp"

namespace sketchscope::cpu {

// How weights of one type meet the inputs: what a step along K loads, and what it adds up.

/// Weights of T, widened to floats, times float inputs.
template <class V, class T>
struct FloatProducts {
  using Vector = V;
  using Weight = T;
  using Input = float;
  using Sum = typename V::Register;
  static constexpr int kStep = V::kWidth;
  static constexpr long kLongestRun = 0;  // any length
  static constexpr bool kScaled = false;

  static Sum none() { return V::zero(); }
  static auto load(const T* p) { return V::load(p); }
  static auto load_rest(const T* p, int count) { return load_first<V>(p, count); }
  static auto load_input(const float* p) { return V::load(p); }
  template <class Weights, class Inputs>
  static Sum add(Weights w, Inputs x, Sum sum) {
    return V::multiply_add(w, x, sum);
  }
  static auto to_floats(Sum sum) { return sum; }
};

/// Weights of 8 bits times inputs of 16, summed exactly: both have a scale of their own per row.
/// Twice as many products fit a register as there are floats, and of the inputs' precision nothing
/// is lost that weights of 8 bits still had.
template <class V>
struct ShortProducts {
  using Vector = V;
  using Weight = std::int8_t;
  using Input = std::int16_t;
  using Sum = typename V::Integers;
  static constexpr int kStep = V::kShorts;
  // Each 32-bit sum gains two products of at most 127 · 32767 a step: 256 steps cannot overflow.
  static constexpr long kLongestRun = 256L * V::kShorts;
  static constexpr bool kScaled = true;

  static Sum none() { return V::no_products(); }
  static auto load(const std::int8_t* p) { return V::load_shorts(p); }
  static auto load_rest(const std::int8_t* p, int count) {
    std::int8_t padded[V::kShorts] = {};
    for (int i = 0; i < count; ++i) padded[i] = p[i];
    return V::load_shorts(padded);
  }
  static auto load_input(const std::int16_t* p) { return V::load_shorts(p); }
  template <class Weights, class Inputs>
  static Sum add(Weights w, Inputs x, Sum sum) {
    return V::add_products(w, x, sum);
  }
  static auto to_floats(Sum sum) { return V::to_floats(sum); }
};

}  // namespace sketchscope::cpu
