#pragma once

namespace sketchscope::kernels::cpu {

/// Loads the first `count` < V::kWidth elements of `p`; the others are zero.
template <class V, class T>
typename V::Register load_first(const T* p, int count) {
  if constexpr (requires { V::load_first(p, count); }) {
    return V::load_first(p, count);
  } else {
    T padded[V::kWidth] = {};
    for (int i = 0; i < count; ++i) padded[i] = p[i];
    return V::load(padded);
  }
}

template <class V, class T>
void store_first(T* p, int count, typename V::Register a) {
  if constexpr (requires { V::store_first(p, count, a); }) {
    V::store_first(p, count, a);
  } else {
    T padded[V::kWidth];
    V::store(padded, a);
    for (int i = 0; i < count; ++i) p[i] = padded[i];
  }
}

/// One vector of a row: the elements [start, start + count), where count is V::kWidth except in the
/// last vector of the row.
template <class V>
struct Chunk {
  int start;
  int count;

  template <class T>
  typename V::Register load(const T* row) const {
    return count == V::kWidth ? V::load(row + start) : load_first<V>(row + start, count);
  }
  /// Returns `a` with zero in the elements beyond the chunk.
  typename V::Register mask(typename V::Register a) const {
    if (count == V::kWidth) return a;
    float padded[V::kWidth];
    V::store(padded, a);
    return load_first<V>(padded, count);
  }
  template <class T>
  void store(T* row, typename V::Register a) const {
    if (count == V::kWidth) {
      V::store(row + start, a);
    } else {
      store_first<V>(row + start, count, a);
    }
  }
};

/// Calls visit(chunk) for every chunk of a row of `count` elements.
template <class V, class Visit>
[[gnu::always_inline]] inline void for_each_chunk(int count, Visit visit) {
  int start = 0;
  for (; start + V::kWidth <= count; start += V::kWidth) visit(Chunk<V>{start, V::kWidth});
  if (start < count) visit(Chunk<V>{start, count - start});
}

/// Returns Σ coefficients[i] · x^i, by Horner's rule.
template <class V, int kCount>
typename V::Register polynomial(typename V::Register x, const float (&coefficients)[kCount]) {
  auto value = V::broadcast(coefficients[kCount - 1]);
  for (int i = kCount - 2; i >= 0; --i) {
    value = V::multiply_add(value, x, V::broadcast(coefficients[i]));
  }
  return value;
}

/// Returns e^x to two units in the last place: the smallest normal number below −87.3, infinity
/// above 88.3, NaN for NaN.
template <class V>
typename V::Register exp(typename V::Register x) {
  x = V::larger(V::broadcast(-87.3F), V::smaller(V::broadcast(89.0F), x));
  // Adding 1.5 · 2^23 leaves no bits for a fraction, which rounds the sum to an integer.
  const auto rounder = V::broadcast(0x1.8p23F);
  const auto n = V::subtract(V::multiply_add(x, V::broadcast(1.44269504F), rounder), rounder);
  // ln 2 is subtracted in two parts, the first with few enough bits for an exact product.
  auto rest = V::multiply_add(n, V::broadcast(-0.693359375F), x);
  rest = V::multiply_add(n, V::broadcast(2.12194440e-4F), rest);
  constexpr float kTaylor[] = {1.0F,         1.0F,          1.0F / 2.0F,   1.0F / 6.0F,
                               1.0F / 24.0F, 1.0F / 120.0F, 1.0F / 720.0F, 1.0F / 5040.0F};
  return V::multiply(polynomial<V>(rest, kTaylor), V::power_of_two(n));
}

/// Returns ln x with a relative error of about 2e-7, for normal x > 0.
template <class V>
typename V::Register log(typename V::Register x) {
  // The series is that of ln m = 2 artanh(t), t = (m − 1) / (m + 1), where |t| < 0.172 for m in
  // [√½, √2).
  const auto one = V::broadcast(1.0F);
  const auto m = V::mantissa(x);
  const auto t = V::divide(V::subtract(m, one), V::add(m, one));
  constexpr float kSeries[] = {2.0F, 2.0F / 3.0F, 2.0F / 5.0F, 2.0F / 7.0F, 2.0F / 9.0F};
  const auto log_m = V::multiply(t, polynomial<V>(V::multiply(t, t), kSeries));
  return V::multiply_add(V::exponent(x), V::broadcast(0.693147181F), log_m);
}

/// Returns the largest elements of `blocks` >= 1 blocks of four vectors: none of four chains waits
/// for the comparison before.
template <class V>
typename V::Register largest_of_blocks(const float* values, int blocks) {
  constexpr int kChains = 4;
  typename V::Register largest[kChains];
  for (int chain = 0; chain < kChains; ++chain)
    largest[chain] = V::load(values + chain * V::kWidth);
  for (int block = 1; block < blocks; ++block) {
    values += kChains * V::kWidth;
    for (int chain = 0; chain < kChains; ++chain) {
      largest[chain] = V::larger(largest[chain], V::load(values + chain * V::kWidth));
    }
  }
  return V::larger(V::larger(largest[0], largest[1]), V::larger(largest[2], largest[3]));
}

/// Returns the largest of `count` >= 1 values.
template <class V>
float largest_of(const float* values, int count) {
  const int blocks = count / (4 * V::kWidth);
  auto largest = blocks > 0 ? largest_of_blocks<V>(values, blocks) : V::broadcast(values[0]);
  int i = blocks * 4 * V::kWidth;
  for (; i + V::kWidth <= count; i += V::kWidth) largest = V::larger(largest, V::load(values + i));
  float result = V::largest(largest);
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

}  // namespace sketchscope::kernels::cpu
