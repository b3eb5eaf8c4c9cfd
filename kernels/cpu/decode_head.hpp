#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/kv_vector.hpp"
#include "kernels/cpu/vector_rows.hpp"

namespace sketchscope::cpu {

/// Softmax sums over the pages so far, relative to the largest score so far, so that no key is read
/// twice (arXiv 1805.02867). The weighted values gather in the head's output.
struct RunningSoftmax {
  float largest = -__builtin_inff();
  float total = 0.0F;
};

/// Slots of one page that are read: the first ones, or those of a list. (Templates, so that no
/// other file could be given this one's copy.)
template <class V>
struct FirstSlots {
  int count;
  int operator()(int i) const { return i; }
};
template <class V>
struct ListedSlots {
  int count;
  const int* slots;  // of the table
  int operator()(int i) const { return slots[i] % kSlotsPerPage; }
};

template <class V, class Stored, class Slots>
void add_page(const DecodeHead& head, const PageView& page, Slots slots, float* scores,
              RunningSoftmax& running) {
  const long bytes = head.vector_bytes;
  const long start = static_cast<long>(head.head) * kSlotsPerPage * bytes;
  const std::byte* keys = static_cast<const std::byte*>(page.keys) + start;
  for (int s = 0; s < slots.count; ++s) {
    const std::byte* key = keys + slots(s) * bytes;
    auto sum = V::zero();
    for_each_chunk<V>(head.width, [&](auto chunk) {
      sum = V::multiply_add(chunk.load(head.query), Stored::load(key, chunk), sum);
    });
    scores[s] = V::sum(sum) * head.scale;
  }
  const float page_largest = largest_of<V>(scores, slots.count);
  const float largest = page_largest > running.largest ? page_largest : running.largest;
  float weights[kSlotsPerPage];
  const float page_total = exponentiate<V>(scores, slots.count, largest, weights);
  float rescale = 0.0F;
  exponentiate<V>(&running.largest, 1, largest, &rescale);
  running = {.largest = largest, .total = running.total * rescale + page_total};

  const std::byte* values = static_cast<const std::byte*>(page.values) + start;
  for_each_chunk<V>(head.width, [&](auto chunk) {
    auto sum = V::multiply(chunk.load(head.output), V::broadcast(rescale));
    for (int s = 0; s < slots.count; ++s) {
      const auto value = Stored::load(values + slots(s) * bytes, chunk);
      sum = V::multiply_add(V::broadcast(weights[s]), value, sum);
    }
    chunk.store(head.output, sum);
  });
}

/// How many of the listed slots from the first on lie in its page.
template <class V>
int listed_in_one_page(const int* slots, int left) {
  int count = 1;
  while (count < left && slots[count] / kSlotsPerPage == slots[0] / kSlotsPerPage) ++count;
  return count;
}

/// Returns the number of slots read.
template <class V, class Stored>
int add_pages(const DecodeHead& head, RunningSoftmax& running) {
  float page_scores[kSlotsPerPage];
  const auto scores_at = [&](int first) {
    return head.mass == nullptr ? page_scores : head.mass + first;
  };
  if (head.slots == nullptr) {
    for (int first = 0; first < head.stored; first += kSlotsPerPage) {
      const int left = head.stored - first;
      const FirstSlots<V> slots{left < kSlotsPerPage ? left : kSlotsPerPage};
      add_page<V, Stored>(head, head.pages[first / kSlotsPerPage], slots, scores_at(first),
                          running);
    }
    return head.stored;
  }
  for (int first = 0; first < head.listed;) {
    const int* start = head.slots + first;
    const ListedSlots<V> slots{listed_in_one_page<V>(start, head.listed - first), start};
    add_page<V, Stored>(head, head.pages[*start / kSlotsPerPage], slots, scores_at(first), running);
    first += slots.count;
  }
  return head.listed;
}

/// Moves the mass of the listed slots, which lies at the front, to where their slots are.
template <class V>
void spread_listed(const DecodeHead& head) {
  int next = head.listed - 1;
  for (int slot = head.stored - 1; slot >= 0; --slot) {
    const bool read = next >= 0 && head.slots[next] == slot;
    head.mass[slot] = read ? head.mass[next--] : 0.0F;
  }
}

template <class V>
void decode_head(const DecodeHead& head) {
  RunningSoftmax running;
  for_each_chunk<V>(head.width, [&](auto chunk) { chunk.store(head.output, V::zero()); });
  int read = 0;
  with_format<V>(head.format,
                 [&](auto stored) { read = add_pages<V, decltype(stored)>(head, running); });
  if (read > 0) {
    scale_row<V>(head.output, head.width, 1.0F / running.total);
    if (head.mass != nullptr) {
      exponentiate<V>(head.mass, read, running.largest, head.mass);
      scale_row<V>(head.mass, read, 1.0F / running.total);
      if (head.slots != nullptr) spread_listed<V>(head);
    }
  }
  if (head.log_sum_exp != nullptr) {
    *head.log_sum_exp = running.largest + __builtin_logf(running.total);
  }
}

}  // namespace sketchscope::cpu
