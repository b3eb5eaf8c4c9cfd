#pragma once

#include <immintrin.h>

#include <cstdint>

#include "kernels/number_format.hpp"

namespace sketchscope::kernels::cpu {

enum class Vnni : bool { no, yes };

/// Sixteen floats with fused multiply-add; every function has the contract of its namesake in
/// Plain. With VNNI one instruction multiplies and adds 16-bit numbers. It is a template so that
/// the linker cannot merge functions of the two sets.
template <Vnni kVnni>
struct Avx512Vectors {
  static constexpr int kWidth = 16;       // floats of a register
  static constexpr int kFloatLanes = 12;  // rows of a tile of products with floats
  static constexpr int kFloatSums = 24;   // registers for the sums of a tile
  static constexpr int kShortLanes = 12;  // rows of a tile of products with 16-bit numbers
  // From so many tiles on it is faster to store weights of 16 bits as floats than to turn them into
  // floats for each tile.
  static constexpr int kTilesWorthWidening = 6;
  using Register = __m512;

  static Register zero() { return _mm512_setzero_ps(); }
  static Register broadcast(float x) { return _mm512_set1_ps(x); }
  static Register broadcast(Half x) {
    return _mm512_cvtph_ps(_mm256_set1_epi16(static_cast<short>(x.bits)));
  }
  static Register load(const float* p) { return _mm512_loadu_ps(p); }
  static Register load(const Half* p) { return _mm512_cvtph_ps(load_32_bytes(p)); }
  static Register load(const Bfloat16* p) {
    const __m512i wide = _mm512_cvtepu16_epi32(load_32_bytes(p));
    return _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16));
  }
  static Register load(const std::int8_t* p) {
    const __m128i codes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(codes));
  }
  static Register load_nibbles(const std::uint8_t* p) {
    const __m128i pairs = _mm_loadu_si64(p);
    const __m128i mask = _mm_set1_epi8(15);
    const __m128i low = _mm_and_si128(pairs, mask);
    const __m128i high = _mm_and_si128(_mm_srli_epi16(pairs, 4), mask);
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_unpacklo_epi8(low, high)));
  }
  static Register load_first(const float* p, int count) {
    return _mm512_maskz_loadu_ps(first_lanes(count), p);
  }
  static void store(float* p, Register a) { _mm512_storeu_ps(p, a); }
  static void store_first(float* p, int count, Register a) {
    _mm512_mask_storeu_ps(p, first_lanes(count), a);
  }
  static void store(Half* p, Register a) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p),
                        _mm512_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT));
  }
  static Register add(Register a, Register b) { return _mm512_add_ps(a, b); }
  static Register subtract(Register a, Register b) { return _mm512_sub_ps(a, b); }
  static Register multiply(Register a, Register b) { return _mm512_mul_ps(a, b); }
  static Register divide(Register a, Register b) { return _mm512_div_ps(a, b); }
  static Register multiply_add(Register a, Register b, Register c) {
    return _mm512_fmadd_ps(a, b, c);
  }
  static Register larger(Register a, Register b) { return _mm512_max_ps(a, b); }
  static Register smaller(Register a, Register b) { return _mm512_min_ps(a, b); }
  static Register where_negative(Register x, Register a, Register b) {
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(x, zero(), _CMP_LT_OQ), b, a);
  }
  static Register power_of_two(Register n) {
    const __m512i biased = _mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127));
    return _mm512_castsi512_ps(_mm512_slli_epi32(biased, 23));
  }
  static Register exponent(Register x) {
    return _mm512_cvtepi32_ps(_mm512_srai_epi32(above_sqrt_half(x), 23));
  }
  static Register mantissa(Register x) {
    const __m512i fraction = _mm512_and_si512(above_sqrt_half(x), _mm512_set1_epi32(0x007FFFFF));
    return _mm512_castsi512_ps(_mm512_add_epi32(fraction, _mm512_set1_epi32(kSqrtHalf)));
  }
  static float sum(Register a) { return _mm512_reduce_add_ps(a); }
  static void sum_four(const Register (&a)[4], float* sums) {
    // Halves of two registers beside each other, then quarters of all four, then what they hold.
    const Register first = _mm512_add_ps(_mm512_shuffle_f32x4(a[0], a[1], 0x44),
                                         _mm512_shuffle_f32x4(a[0], a[1], 0xEE));
    const Register second = _mm512_add_ps(_mm512_shuffle_f32x4(a[2], a[3], 0x44),
                                          _mm512_shuffle_f32x4(a[2], a[3], 0xEE));
    Register quarters = _mm512_add_ps(_mm512_shuffle_f32x4(first, second, 0x88),
                                      _mm512_shuffle_f32x4(first, second, 0xDD));
    quarters = _mm512_add_ps(quarters, _mm512_permute_ps(quarters, _MM_SHUFFLE(1, 0, 3, 2)));
    quarters = _mm512_add_ps(quarters, _mm512_permute_ps(quarters, _MM_SHUFFLE(2, 3, 0, 1)));
    constexpr __mmask16 kFirstOfEach = 0x1111;
    _mm_storeu_ps(sums, _mm512_castps512_ps128(_mm512_maskz_compress_ps(kFirstOfEach, quarters)));
  }
  static float largest(Register a) { return _mm512_reduce_max_ps(a); }

  static constexpr int kShorts = 32;  // 16-bit numbers of a register
  using Integers = __m512i;
  static __m512i load_shorts(const std::int16_t* p) { return _mm512_loadu_si512(p); }
  static __m512i load_shorts(const std::int8_t* p) {
    return _mm512_cvtepi8_epi16(load_32_bytes(p));
  }
  static __m512i broadcast_pair(const std::int16_t* p) { return _mm512_set1_epi32(load_pair(p)); }
  static __m512i load_words(const std::uint16_t* p) { return _mm512_loadu_si512(p); }
  template <int kIndex>
  static __m512i nibbles(__m512i words) {
    if constexpr (kIndex == 3) return _mm512_srli_epi16(words, 12);
    return _mm512_and_si512(_mm512_srli_epi16(words, 4 * kIndex), _mm512_set1_epi16(15));
  }
  static Integers no_products() { return _mm512_setzero_si512(); }
  static Integers add_products(__m512i a, __m512i b, Integers sums) {
    if constexpr (kVnni == Vnni::yes) {
      // GCC 12 copies the sums around the intrinsic and runs out of registers.
      asm("vpdpwssd %2, %1, %0" : "+v"(sums) : "v"(a), "vm"(b));
      return sums;
    } else {
      sums = _mm512_add_epi32(_mm512_madd_epi16(a, b), sums);
      // Products of many steps would else be summed as a tree, for which there are no registers.
      asm("" : "+v"(sums));
      return sums;
    }
  }
  static Integers add_integers(Integers a, Integers b) { return _mm512_add_epi32(a, b); }
  static Register to_floats(Integers a) { return _mm512_cvtepi32_ps(a); }
  static void store_shorts(std::int16_t* p, Register a) {
    const __m256i shorts = _mm512_cvtepi32_epi16(_mm512_cvtps_epi32(a));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), shorts);
  }

 private:
  static constexpr int kSqrtHalf = 0x3F3504F3;  // the bits of √½ as a float
  static __mmask16 first_lanes(int count) {
    return static_cast<__mmask16>((1U << static_cast<unsigned>(count)) - 1U);
  }
  static __m512i above_sqrt_half(Register x) {
    return _mm512_sub_epi32(_mm512_castps_si512(x), _mm512_set1_epi32(kSqrtHalf));
  }
  static int load_pair(const std::int16_t* p) {
    int pair;
    __builtin_memcpy(&pair, p, sizeof pair);
    return pair;
  }
  static __m256i load_32_bytes(const void* p) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(p));
  }
};

using Avx512 = Avx512Vectors<Vnni::no>;
using Avx512Vnni = Avx512Vectors<Vnni::yes>;

}  // namespace sketchscope::kernels::cpu
