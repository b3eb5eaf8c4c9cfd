#pragma once

namespace sketchscope::cpu {

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

}  // namespace sketchscope::cpu
