#pragma once

#include <cstdint>

#include "kernels/cpu/vector_tail.hpp"

namespace sketchscope::cpu {

// The product rules of the weight types: what a step along K loads and accumulates.

/// Products of float inputs with weights of type T, which are widened to float.
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

/// Products of 16-bit inputs with 8-bit weights, summed exactly; both have one scale per row. A
/// register holds twice as many of them as floats, and rounding inputs to 16 bits loses less than
/// rounding weights to 8 bits did.
template <class V>
struct ShortProducts {
  using Vector = V;
  using Weight = std::int8_t;
  using Input = std::int16_t;
  using Sum = typename V::Integers;
  static constexpr int kStep = V::kShorts;
  // Each 32-bit sum gains two products of at most 127 · 32767 in a step, so 256 steps cannot
  // overflow.
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
