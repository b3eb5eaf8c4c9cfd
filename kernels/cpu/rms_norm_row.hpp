#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/vector_tail.hpp"

namespace sketchscope::cpu {

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

}  // namespace sketchscope::cpu
