#pragma once

#include <cstdint>

#include "kernels/number_format.hpp"

namespace sketchscope::kernels::cpu {

/// Four floats in the compiler's portable vectors, which run on every processor. The sets differ in
/// width and in whether a product and a sum round once or twice, so their results differ in the
/// last bits.
struct Plain {
  static constexpr int kWidth = 4;       // floats of a register
  static constexpr int kFloatLanes = 3;  // rows of a tile of products with floats
  static constexpr int kFloatSums = 12;  // registers for the sums of a tile
  static constexpr int kShortLanes = 2;  // rows of a tile of products with 16-bit numbers
  // From so many tiles on it is faster to store weights of 16 bits as floats than to turn them into
  // floats for each tile.
  static constexpr int kTilesWorthWidening = 2;
  using Register = float __attribute__((vector_size(16)));
  using Integers = int __attribute__((vector_size(16)));

  static Register zero() { return Register{}; }
  static Register broadcast(float x) { return Register{x, x, x, x}; }
  static Register broadcast(Half x) { return broadcast(to_float(x)); }
  static Register load(const float* p) { return Register{p[0], p[1], p[2], p[3]}; }
  static Register load(const Half* p) {
    return Register{to_float(p[0]), to_float(p[1]), to_float(p[2]), to_float(p[3])};
  }
  static Register load(const Bfloat16* p) {
    return Register{to_float(p[0]), to_float(p[1]), to_float(p[2]), to_float(p[3])};
  }
  static Register load(const std::int8_t* p) {
    return __builtin_convertvector(Integers{p[0], p[1], p[2], p[3]}, Register);
  }
  /// Loads kWidth numbers of 4 bits each, two in a byte, the lower bits first.
  static Register load_nibbles(const std::uint8_t* p) {
    const Integers codes{p[0] & 15, p[0] >> 4, p[1] & 15, p[1] >> 4};
    return __builtin_convertvector(codes, Register);
  }
  static void store(float* p, Register a) {
    for (int i = 0; i < kWidth; ++i) p[i] = a[i];
  }
  /// Stores the nearest halves, ties to even.
  static void store(Half* p, Register a) {
    for (int i = 0; i < kWidth; ++i) p[i].bits = f16_from_float(a[i]);
  }
  static Register add(Register a, Register b) { return a + b; }
  static Register subtract(Register a, Register b) { return a - b; }
  static Register multiply(Register a, Register b) { return a * b; }
  static Register divide(Register a, Register b) { return a / b; }
  /// Returns a · b + c.
  static Register multiply_add(Register a, Register b, Register c) { return a * b + c; }
  /// Returns the larger element, b where either is NaN.
  static Register larger(Register a, Register b) { return a > b ? a : b; }
  /// Returns the smaller element, b where either is NaN.
  static Register smaller(Register a, Register b) { return a < b ? a : b; }
  /// Returns a where x < 0, else b.
  static Register where_negative(Register x, Register a, Register b) { return x < 0.0F ? a : b; }
  /// Returns 2^n for integral n in [−126, 127].
  static Register power_of_two(Register n) {
    return reinterpret_cast<Register>((__builtin_convertvector(n, Integers) + 127) << 23);
  }
  /// exponent() and mantissa() return e and m of x = m · 2^e with m in [√½, √2), for normal x > 0.
  static Register exponent(Register x) {
    const auto bits = reinterpret_cast<Integers>(x);
    return __builtin_convertvector((bits - kSqrtHalf) >> 23, Register);
  }
  static Register mantissa(Register x) {
    const auto bits = reinterpret_cast<Integers>(x);
    return reinterpret_cast<Register>(((bits - kSqrtHalf) & 0x007FFFFF) + kSqrtHalf);
  }
  static float sum(Register a) { return (a[0] + a[2]) + (a[1] + a[3]); }
  /// Writes the sums of four registers, each the one of sum().
  static void sum_four(const Register (&a)[4], float* sums) {
    for (int i = 0; i < 4; ++i) sums[i] = sum(a[i]);
  }
  /// Returns the largest element, or any where one is NaN.
  static float largest(Register a) {
    float result = a[0];
    for (int i = 1; i < kWidth; ++i) result = a[i] > result ? a[i] : result;
    return result;
  }

  /// Number of 16-bit elements; two of their products are added to each 32-bit sum.
  static constexpr int kShorts = 8;
  struct Shorts {
    std::int16_t values[kShorts];
  };
  template <class T>
  static Shorts load_shorts(const T* p) {
    Shorts shorts;
    for (int i = 0; i < kShorts; ++i) shorts.values[i] = p[i];
    return shorts;
  }
  /// Returns two shorts, the same in every pair of elements.
  static Shorts broadcast_pair(const std::int16_t* p) {
    Shorts shorts;
    for (int i = 0; i < kShorts; ++i) shorts.values[i] = p[i % 2];
    return shorts;
  }
  /// Words of four numbers of 4 bits each.
  struct Words {
    std::uint16_t values[kShorts];
  };
  static Words load_words(const std::uint16_t* p) {
    Words words;
    for (int i = 0; i < kShorts; ++i) words.values[i] = p[i];
    return words;
  }
  /// Returns number kIndex of each word, the lowest bits first.
  template <int kIndex>
  static Shorts nibbles(Words words) {
    Shorts shorts;
    for (int i = 0; i < kShorts; ++i) {
      shorts.values[i] = static_cast<std::int16_t>(words.values[i] >> 4 * kIndex & 15);
    }
    return shorts;
  }
  static Integers no_products() { return Integers{}; }
  static Integers add_integers(Integers a, Integers b) { return a + b; }
  static Integers add_products(Shorts a, Shorts b, Integers sums) {
    for (int i = 0; i < kWidth; ++i) {
      sums[i] += a.values[2 * i] * b.values[2 * i] + a.values[2 * i + 1] * b.values[2 * i + 1];
    }
    return sums;
  }
  static Register to_floats(Integers a) { return __builtin_convertvector(a, Register); }
  /// Stores kWidth numbers within ±32767, rounded to the nearest, ties to even.
  static void store_shorts(std::int16_t* p, Register a) {
    const Register rounder = broadcast(0x1.8p23F);
    const Register rounded = (a + rounder) - rounder;
    for (int i = 0; i < kWidth; ++i) p[i] = static_cast<std::int16_t>(rounded[i]);
  }

 private:
  static constexpr int kSqrtHalf = 0x3F3504F3;  // the bits of √½
};

}  // namespace sketchscope::kernels::cpu
