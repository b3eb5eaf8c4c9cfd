#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/vector_tail.hpp"

namespace sketchscope::cpu {

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

}  // namespace sketchscope::cpu
