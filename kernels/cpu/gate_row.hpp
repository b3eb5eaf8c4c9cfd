#pragma once

#include "kernels/cpu/activation_values.hpp"
#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/vector_tail.hpp"

namespace sketchscope::cpu {

template <class V>
void gate_row(Activation function, const GateRow& row) {
  const float* const values = row.input + row.width;
  with_activation<V>(function, [&](auto value_of) {
    for_each_chunk<V>(row.width, [&](auto chunk) {
      chunk.store(row.output, V::multiply(value_of(chunk.load(row.input)), chunk.load(values)));
    });
  });
}

}  // namespace sketchscope::cpu
