#pragma once

#include <immintrin.h>

#include <cstdint>

#include "kernels/number_format.hpp"

namespace sketchscope::kernels::cpu {

/// Eight floats with fused multiply-add; every function has the contract of its namesake in Plain.
struct Avx2 {
  static constexpr int kWidth = 8;       // floats of a register
  static constexpr int kFloatLanes = 6;  // rows of a tile of products with floats
  static constexpr int kFloatSums = 12;  // registers for the sums of a tile
  static constexpr int kShortLanes = 4;  // rows of a tile of products with 16-bit numbers
  // More than any group has: a tile turns weights of 16 bits into floats beside its products, and
  // storing them as floats takes longer.
  static constexpr int kTilesWorthWidening = 1024;
  using Register = __m256;

  static Register zero() { return _mm256_setzero_ps(); }
  static Register broadcast(float x) { return _mm256_set1_ps(x); }
  static Register broadcast(Half x) {
    return _mm256_cvtph_ps(_mm_set1_epi16(static_cast<short>(x.bits)));
  }
  static Register load(const float* p) { return _mm256_loadu_ps(p); }
  static Register load(const Half* p) { return _mm256_cvtph_ps(load_16_bytes(p)); }
  static Register load(const Bfloat16* p) {
    const __m256i wide = _mm256_cvtepu16_epi32(load_16_bytes(p));
    return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
  }
  static Register load(const std::int8_t* p) {
    return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadu_si64(p)));
  }
  static Register load_nibbles(const std::uint8_t* p) {
    const __m128i pairs = _mm_loadu_si32(p);
    const __m128i mask = _mm_set1_epi8(15);
    const __m128i low = _mm_and_si128(pairs, mask);
    const __m128i high = _mm_and_si128(_mm_srli_epi16(pairs, 4), mask);
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_unpacklo_epi8(low, high)));
  }
  static Register load_first(const float* p, int count) {
    return _mm256_maskload_ps(p, first_lanes(count));
  }
  static void store(float* p, Register a) { _mm256_storeu_ps(p, a); }
  static void store_first(float* p, int count, Register a) {
    _mm256_maskstore_ps(p, first_lanes(count), a);
  }
  static void store(Half* p, Register a) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT));
  }
  static Register add(Register a, Register b) { return _mm256_add_ps(a, b); }
  static Register subtract(Register a, Register b) { return _mm256_sub_ps(a, b); }
  static Register multiply(Register a, Register b) { return _mm256_mul_ps(a, b); }
  static Register divide(Register a, Register b) { return _mm256_div_ps(a, b); }
  static Register multiply_add(Register a, Register b, Register c) {
    return _mm256_fmadd_ps(a, b, c);
  }
  static Register larger(Register a, Register b) { return _mm256_max_ps(a, b); }
  static Register smaller(Register a, Register b) { return _mm256_min_ps(a, b); }
  static Register where_negative(Register x, Register a, Register b) {
    return _mm256_blendv_ps(b, a, _mm256_cmp_ps(x, zero(), _CMP_LT_OQ));
  }
  static Register power_of_two(Register n) {
    const __m256i biased = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
    return _mm256_castsi256_ps(_mm256_slli_epi32(biased, 23));
  }
  static Register exponent(Register x) {
    return _mm256_cvtepi32_ps(_mm256_srai_epi32(above_sqrt_half(x), 23));
  }
  static Register mantissa(Register x) {
    const __m256i fraction = _mm256_and_si256(above_sqrt_half(x), _mm256_set1_epi32(0x007FFFFF));
    return _mm256_castsi256_ps(_mm256_add_epi32(fraction, _mm256_set1_epi32(kSqrtHalf)));
  }
  static float sum(Register a) {
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    four = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
  }
  static void sum_four(const Register (&a)[4], float* sums) {
    // Upper and lower halves of registers 0 and 2, of 1 and 3; then pairs of all four.
    const Register even = _mm256_add_ps(_mm256_permute2f128_ps(a[0], a[2], 0x20),
                                        _mm256_permute2f128_ps(a[0], a[2], 0x31));
    const Register odd = _mm256_add_ps(_mm256_permute2f128_ps(a[1], a[3], 0x20),
                                       _mm256_permute2f128_ps(a[1], a[3], 0x31));
    const __m256d pairs = _mm256_castps_pd(even);
    const __m256d others = _mm256_castps_pd(odd);
    const Register two = _mm256_add_ps(_mm256_castpd_ps(_mm256_unpacklo_pd(pairs, others)),
                                       _mm256_castpd_ps(_mm256_unpackhi_pd(pairs, others)));
    const __m128 low = _mm256_castps256_ps128(two);
    const __m128 high = _mm256_extractf128_ps(two, 1);
    _mm_storeu_ps(sums, _mm_add_ps(_mm_shuffle_ps(low, high, _MM_SHUFFLE(2, 0, 2, 0)),
                                   _mm_shuffle_ps(low, high, _MM_SHUFFLE(3, 1, 3, 1))));
  }
  static float largest(Register a) {
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    four = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(four, _mm_movehdup_ps(four)));
  }

  static constexpr int kShorts = 16;  // 16-bit numbers of a register
  using Integers = __m256i;
  static __m256i load_shorts(const std::int16_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  }
  static __m256i load_shorts(const std::int8_t* p) {
    return _mm256_cvtepi8_epi16(load_16_bytes(p));
  }
  static __m256i broadcast_pair(const std::int16_t* p) { return _mm256_set1_epi32(load_pair(p)); }
  static __m256i load_words(const std::uint16_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  }
  template <int kIndex>
  static __m256i nibbles(__m256i words) {
    if constexpr (kIndex == 3) return _mm256_srli_epi16(words, 12);
    return _mm256_and_si256(_mm256_srli_epi16(words, 4 * kIndex), _mm256_set1_epi16(15));
  }
  static Integers no_products() { return _mm256_setzero_si256(); }
  static Integers add_products(__m256i a, __m256i b, Integers sums) {
    sums = _mm256_add_epi32(_mm256_madd_epi16(a, b), sums);
    // Products of many steps would else be summed as a tree, for which there are no registers.
    asm("" : "+x"(sums));
    return sums;
  }
  static Integers add_integers(Integers a, Integers b) { return _mm256_add_epi32(a, b); }
  static Register to_floats(Integers a) { return _mm256_cvtepi32_ps(a); }
  static void store_shorts(std::int16_t* p, Register a) {
    const __m256i wide = _mm256_cvtps_epi32(a);
    const __m128i shorts =
        _mm_packs_epi32(_mm256_castsi256_si128(wide), _mm256_extracti128_si256(wide, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), shorts);
  }

 private:
  static constexpr int kSqrtHalf = 0x3F3504F3;  // the bits of √½ as a float
  static __m256i first_lanes(int count) {
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), lanes);
  }
  static __m256i above_sqrt_half(Register x) {
    return _mm256_sub_epi32(_mm256_castps_si256(x), _mm256_set1_epi32(kSqrtHalf));
  }
  static int load_pair(const std::int16_t* p) {
    int pair;
    __builtin_memcpy(&pair, p, sizeof pair);
    return pair;
  }
  static __m128i load_16_bytes(const void* p) {
    return _mm_loadu_si128(static_cast<const __m128i*>(p));
  }
};

}  // namespace sketchscope::kernels::cpu
