#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/kv_vector.hpp"
#include "kernels/cpu/vector_loops.hpp"

namespace sketchscope::kernels::cpu {

/// Softmax sums over the pages read so far, relative to the largest score so far, so that no key is
/// read twice (online softmax, arXiv 1805.02867). The weighted values accumulate in the head's
/// output.
struct RunningSoftmax {
  float largest = -__builtin_inff();
  float total = 0.0F;
};

/// The slots of a page that are read: its first ones, or those of a list. Both are templates so
/// that no other file can be linked to the copy of this one (see KernelSet).
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

/// Returns the address of a head's first vector in the keys or the values of a page.
template <class V>
const std::byte* of_head(const DecodeHead& head, const void* half) {
  return static_cast<const std::byte*>(half) +
         static_cast<long>(head.kv_head) * kSlotsPerPage * head.vector_bytes;
}

/// Prefetches a head's part of the next page into the second-level cache: the hardware prefetcher
/// stops where the current part ends.
template <class V>
void prefetch_page(const DecodeHead& head, const PageView& page) {
  constexpr long kLine = 64;
  const std::byte* const keys = of_head<V>(head, page.keys);
  const std::byte* const values = of_head<V>(head, page.values);
  for (long at = 0; at < kSlotsPerPage * head.vector_bytes; at += kLine) {
    __builtin_prefetch(keys + at, 0, 2);
    __builtin_prefetch(values + at, 0, 2);
  }
}

/// The keys or the values of the slots of a page that are read, as they are stored.
template <class V, class Stored, class Slots>
struct StoredVectors {
  using Format = Stored;
  const std::byte* first;
  long bytes;
  Slots slots;
  const std::byte* operator()(int i) const { return first + slots(i) * bytes; }
};

/// Whether vectors are stored as they are read.
template <class V, class Stored>
inline constexpr bool is_f32 = false;
template <class V>
inline constexpr bool is_f32<V, F32Vector<V>> = true;

/// Keys or values that were decoded, and keys that were rotated where they have to be, without
/// gaps.
template <class V>
struct DecodedVectors {
  using Format = F32Vector<V>;
  const float* first;
  int width;
  const std::byte* operator()(int i) const {
    return reinterpret_cast<const std::byte*>(first + i * width);
  }
};

/// Decodes some vectors, which several heads are about to read.
template <class V, class Stored, class Slots>
DecodedVectors<V> decode_vectors(StoredVectors<V, Stored, Slots> vectors, int width,
                                 float* decoded) {
  for (int s = 0; s < vectors.slots.count; ++s) {
    for_each_chunk<V>(
        width, [&](auto chunk) __attribute__((always_inline)) {
          chunk.store(decoded + s * width, Stored::load(vectors(s), chunk));
        });
  }
  return {decoded, width};
}

/// Decodes one key and rotates it; `rotation` is (2, D). Where whole vectors lie in one half of the
/// pairs, both halves are read from the key itself, else from two copies of it in a row.
template <class V, class Stored>
void rotate_key(const DecodeHead& head, const std::byte* key, const float* rotation,
                float* rotated) {
  const float* const sine = rotation + head.width;
  const int pairs = head.pairs;
  const auto rotate_chunks = [&](auto partner) __attribute__((always_inline)) {
    for_each_chunk<V>(
        head.width, [&](auto chunk) __attribute__((always_inline)) {
          const auto number = Stored::load(key, chunk);
          const auto crossed = V::multiply(partner(chunk), chunk.load(sine));
          chunk.store(rotated, V::multiply_add(number, chunk.load(rotation), crossed));
        });
  };
  if (pairs % V::kWidth == 0 && 2 * pairs == head.width) {
    rotate_chunks([&](auto chunk) __attribute__((always_inline)) {
      const int start = chunk.start < pairs ? chunk.start + pairs : chunk.start - pairs;
      return Stored::load(key, Chunk<V>{start, chunk.count});
    });
    return;
  }
  float copies[2 * kWidestRotatedHead + V::kWidth];
  for_each_chunk<V>(
      head.width, [&](auto chunk) __attribute__((always_inline)) {
        const auto number = Stored::load(key, chunk);
        chunk.store(copies, number);
      });
  for (int i = 0; i < head.width; ++i) {
    copies[2 * pairs + i] = i < 2 * pairs ? copies[i] : 0.0F;
  }
  rotate_chunks([&](auto chunk)
                    __attribute__((always_inline)) { return chunk.load(copies + pairs); });
}

/// Rotates the keys of some slots of page number `page` of the head's table.
template <class V, class Stored, class Slots>
DecodedVectors<V> rotate_keys(const DecodeHead& head, StoredVectors<V, Stored, Slots> keys,
                              int page, float* rotated) {
  for (int s = 0; s < keys.slots.count; ++s) {
    const long rank = head.ranks[page * kSlotsPerPage + keys.slots(s)];
    rotate_key<V, Stored>(head, keys(s), head.rotations + 2 * rank * head.width,
                          rotated + s * head.width);
  }
  return {rotated, head.width};
}

/// Adds `count` slots to a head's sums and output. The work on chunks is always inlined: a call for
/// each key costs more than its product.
template <class V, class Keys, class Values>
void add_slots(const DecodeHead& head, Keys keys, Values values, int count, float* scores,
               RunningSoftmax& running) {
  for (int s = 0; s < count; ++s) {
    const std::byte* key = keys(s);
    auto sum = V::zero();
    for_each_chunk<V>(
        head.width, [&](auto chunk) __attribute__((always_inline)) {
          sum = V::multiply_add(chunk.load(head.query), Keys::Format::load(key, chunk), sum);
        });
    scores[s] = V::sum(sum) * head.scale;
  }
  const float page_largest = largest_of<V>(scores, count);
  const float largest = page_largest > running.largest ? page_largest : running.largest;
  float weights[kSlotsPerPage];
  const float page_total = exponentiate<V>(scores, count, largest, weights);
  float rescale = 0.0F;
  exponentiate<V>(&running.largest, 1, largest, &rescale);
  running = {.largest = largest, .total = running.total * rescale + page_total};

  for_each_chunk<V>(
      head.width, [&](auto chunk) __attribute__((always_inline)) {
        auto sum = V::multiply(chunk.load(head.output), V::broadcast(rescale));
        for (int s = 0; s < count; ++s) {
          const auto value = Values::Format::load(values(s), chunk);
          sum = V::multiply_add(V::broadcast(weights[s]), value, sum);
        }
        chunk.store(head.output, sum);
      });
}

/// Counts the listed slots, from the first one on, that lie in the page of the first.
template <class V>
int listed_in_one_page(const int* slots, int left) {
  int count = 1;
  while (count < left && slots[count] / kSlotsPerPage == slots[0] / kSlotsPerPage) ++count;
  return count;
}

/// Adds page number `number` of the heads' table for one head after the other, while the page lies
/// in the first-level cache; where there are several, they share its decoded vectors. Each head
/// adds its pages in the order in which it would have read them alone. `next` says whether the page
/// after it is read next; `first` is the offset of its scores in each head's mass.
template <class V, class Stored, class Slots>
void add_page_for_all(const DecodeHead* heads, int count, int number, bool next, Slots slots,
                      int first, RunningSoftmax* running) {
  const PageView& page = heads[0].pages[number];
  float page_scores[kSlotsPerPage];
  if (next) prefetch_page<V>(heads[0], *(&page + 1));
  const auto add_for_all = [&](auto keys, auto values) {
    for (int i = 0; i < count; ++i) {
      float* const scores = heads[i].mass == nullptr ? page_scores : heads[i].mass + first;
      add_slots<V>(heads[i], keys, values, slots.count, scores, running[i]);
    }
  };
  using Vectors = StoredVectors<V, Stored, Slots>;
  const long bytes = heads[0].vector_bytes;
  const int width = heads[0].width;
  const Vectors keys{of_head<V>(heads[0], page.keys), bytes, slots};
  const Vectors values{of_head<V>(heads[0], page.values), bytes, slots};
  const bool rotates = heads[0].ranks != nullptr;
  float room[2][kSlotsPerPage * kWidestRotatedHead];
  if constexpr (!is_f32<V, Stored>) {
    if (count > 1 && width <= kWidestRotatedHead) {
      const auto decoded = decode_vectors(values, width, room[1]);
      if (rotates) return add_for_all(rotate_keys(heads[0], keys, number, room[0]), decoded);
      return add_for_all(decode_vectors(keys, width, room[0]), decoded);
    }
  }
  if (rotates) return add_for_all(rotate_keys(heads[0], keys, number, room[0]), values);
  add_for_all(keys, values);
}

/// Adds one table's pages from `first_page` on for `count` heads that read the same slots.
template <class V, class Stored>
void add_pages(const DecodeHead* heads, int count, int first_page, RunningSoftmax* running) {
  const DecodeHead& table = heads[0];
  if (table.slots == nullptr) {
    for (int first = first_page * kSlotsPerPage; first < table.stored; first += kSlotsPerPage) {
      const int left = table.stored - first;
      const FirstSlots<V> slots{left < kSlotsPerPage ? left : kSlotsPerPage};
      add_page_for_all<V, Stored>(heads, count, first / kSlotsPerPage, left > kSlotsPerPage, slots,
                                  first, running);
    }
    return;
  }
  for (int first = 0; first < table.listed;) {
    const int* start = table.slots + first;
    const ListedSlots<V> slots{listed_in_one_page<V>(start, table.listed - first), start};
    add_page_for_all<V, Stored>(heads, count, *start / kSlotsPerPage, false, slots, first, running);
    first += slots.count;
  }
}

/// Moves the masses of the listed slots, which lie at the front, to the places of their slots.
template <class V>
void spread_listed(const DecodeHead& head) {
  int next = head.listed - 1;
  for (int slot = head.stored - 1; slot >= 0; --slot) {
    const bool read = next >= 0 && head.slots[next] == slot;
    head.mass[slot] = read ? head.mass[next--] : 0.0F;
  }
}

/// Normalises a head's output and mass by the softmax sum once all of its slots have been read.
template <class V>
void finish_head(const DecodeHead& head, const RunningSoftmax& running) {
  const int read = head.slots == nullptr ? head.stored : head.listed;
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

template <class V>
void decode_heads(const DecodeHeads& together) {
  const auto [heads, count, per_table, shared_pages] = together;
  RunningSoftmax running[kHeadsTogether];
  for (int i = 0; i < count; ++i) {
    for_each_chunk<V>(heads[i].width, [&](auto chunk) { chunk.store(heads[i].output, V::zero()); });
  }
  with_format<V>(heads[0].format, [&](auto stored) {
    using Stored = decltype(stored);
    for (int page = 0; page < shared_pages; ++page) {
      add_page_for_all<V, Stored>(heads, count, page, page + 1 < shared_pages,
                                  FirstSlots<V>{kSlotsPerPage}, page * kSlotsPerPage, running);
    }
    for (int first = 0; first < count; first += per_table) {
      add_pages<V, Stored>(heads + first, per_table, shared_pages, running + first);
    }
  });
  for (int i = 0; i < count; ++i) finish_head<V>(heads[i], running[i]);
}

}  // namespace sketchscope::kernels::cpu
