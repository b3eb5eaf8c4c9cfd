#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/vector_rows.hpp"

namespace sketchscope::cpu {

/// Softmax sums over the pages so far, relative to the largest score so far, so that no key is read
/// twice (arXiv 1805.02867). The weighted values gather in the head's output.
struct RunningSoftmax {
  float largest = -__builtin_inff();
  float total = 0.0F;
};

template <class V>
void add_page(const DecodeHead& head, const PageView& page, int slots, float* scores,
              RunningSoftmax& running) {
  const long start = static_cast<long>(head.head) * kSlotsPerPage * head.width;
  for (int s = 0; s < slots; ++s) {
    const float* key = page.keys + start + static_cast<long>(s) * head.width;
    scores[s] = dot<V>(head.query, key, head.width) * head.scale;
  }
  const float page_largest = largest_of<V>(scores, slots);
  const float largest = page_largest > running.largest ? page_largest : running.largest;
  float weights[kSlotsPerPage];
  const float page_total = exponentiate<V>(scores, slots, largest, weights);
  float rescale = 0.0F;
  exponentiate<V>(&running.largest, 1, largest, &rescale);
  running = {.largest = largest, .total = running.total * rescale + page_total};

  const float* values = page.values + start;
  for_each_chunk<V>(head.width, [&](auto chunk) {
    auto sum = V::multiply(chunk.load(head.output), V::broadcast(rescale));
    for (int s = 0; s < slots; ++s) {
      const auto value = chunk.load(values + static_cast<long>(s) * head.width);
      sum = V::multiply_add(V::broadcast(weights[s]), value, sum);
    }
    chunk.store(head.output, sum);
  });
}

template <class V>
void decode_head(const DecodeHead& head) {
  RunningSoftmax running;
  for_each_chunk<V>(head.width, [&](auto chunk) { chunk.store(head.output, V::zero()); });
  float page_scores[kSlotsPerPage];
  for (int first = 0; first < head.stored; first += kSlotsPerPage) {
    const int left = head.stored - first;
    add_page<V>(head, head.pages[first / kSlotsPerPage],
                left < kSlotsPerPage ? left : kSlotsPerPage,
                head.mass == nullptr ? page_scores : head.mass + first, running);
  }
  if (head.stored > 0) {
    scale_row<V>(head.output, head.width, 1.0F / running.total);
    if (head.mass != nullptr) {
      exponentiate<V>(head.mass, head.stored, running.largest, head.mass);
      scale_row<V>(head.mass, head.stored, 1.0F / running.total);
    }
  }
  if (head.log_sum_exp != nullptr) {
    *head.log_sum_exp = running.largest + __builtin_logf(running.total);
  }
}

}  // namespace sketchscope::cpu
