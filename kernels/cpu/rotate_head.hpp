#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/vector_tail.hpp"

namespace sketchscope::cpu {

template <class V>
void rotate_head(const HeadRotation& head) {
  float* const first = head.vector;
  float* const second = head.vector + head.pairs;
  for_each_chunk<V>(head.pairs, [&](auto chunk) {
    const auto cosine = chunk.load(head.cosine);
    const auto sine = chunk.load(head.sine);
    const auto a = chunk.load(first);
    const auto b = chunk.load(second);
    chunk.store(first, V::subtract(V::multiply(a, cosine), V::multiply(b, sine)));
    chunk.store(second, V::multiply_add(b, cosine, V::multiply(a, sine)));
  });
}

}  // namespace sketchscope::cpu
