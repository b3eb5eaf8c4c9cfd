#pragma once

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/cpu/kv_vector.hpp"
#include "kernels/cpu/unrolled.hpp"
#include "kernels/cpu/vector_loops.hpp"

namespace sketchscope::kernels::cpu {

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

/// How many keys, or vectors of a value, are read at once. A number of 4 bits takes registers of
/// its own for the range of its group, of which there are not enough for several.
template <class V, class Stored>
inline constexpr int kReadTogether = 4;
template <class V>
inline constexpr int kReadTogether<V, Int4Vector<V>> = 1;

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

/// Multiplies `kKeys` keys from `first` on by the head's query. They advance together, so that a
/// part of the query is loaded once for all and none waits for its own last sum; each has the sums
/// that it would have alone. The work on chunks is always inlined: a call for each key costs more
/// than its product.
template <class V, int kKeys, class Keys>
[[gnu::always_inline]] inline void multiply_keys(const DecodeHead& head, Keys keys, int first,
                                                 typename V::Register (&sums)[kKeys]) {
  for (auto& sum : sums) sum = V::zero();
  for_each_chunk<V>(
      head.width, [&](auto chunk) __attribute__((always_inline)) {
        const auto query = chunk.load(head.query);
        unrolled<kKeys>([&]<int k>() __attribute__((always_inline)) {
          sums[k] = V::multiply_add(query, Keys::Format::load(keys(first + k), chunk), sums[k]);
        });
      });
}

/// Writes the scores of `count` keys, four at a time where there are registers for it, for which
/// one reduction serves.
template <class V, class Keys>
void score_keys(const DecodeHead& head, Keys keys, int count, float* scores) {
  constexpr int kTogether = 4;
  constexpr bool kSeveral = kReadTogether<V, typename Keys::Format> == kTogether;
  int s = 0;
  for (; kSeveral && s + kTogether <= count; s += kTogether) {
    typename V::Register sums[kTogether];
    multiply_keys<V>(head, keys, s, sums);
    V::sum_four(sums, scores + s);
  }
  for (; s < count; ++s) {
    typename V::Register sum[1];
    multiply_keys<V>(head, keys, s, sum);
    scores[s] = V::sum(sum[0]);
  }
  for (int i = 0; i < count; ++i) scores[i] *= head.scale;
}

/// Rescales `kChunks` vectors of a head's output from `first` on, which is whole unless it is
/// alone, and adds the weighted values of `count` slots to them. Several vectors advance together,
/// so that a weight is loaded once for them and their sums do not wait for each other.
template <class V, int kChunks, class Values>
[[gnu::always_inline]] inline void add_values(const DecodeHead& head, Values values, int count,
                                              const float* weights, float rescale, Chunk<V> first) {
  typename V::Register sums[kChunks];
  const auto chunk = [&](int c) { return Chunk<V>{first.start + c * V::kWidth, first.count}; };
  unrolled<kChunks>([&]<int c>() __attribute__((always_inline)) {
    sums[c] = V::multiply(chunk(c).load(head.output), V::broadcast(rescale));
  });
  for (int s = 0; s < count; ++s) {
    const std::byte* value = values(s);
    const auto weight = V::broadcast(weights[s]);
    unrolled<kChunks>([&]<int c>() __attribute__((always_inline)) {
      sums[c] = V::multiply_add(weight, Values::Format::load(value, chunk(c)), sums[c]);
    });
  }
  unrolled<kChunks>([&]<int c>()
                        __attribute__((always_inline)) { chunk(c).store(head.output, sums[c]); });
}

/// Adds `count` slots to a head's sums and output.
template <class V, class Keys, class Values>
void add_slots(const DecodeHead& head, Keys keys, Values values, int count, float* scores,
               RunningSoftmax& running) {
  score_keys<V>(head, keys, count, scores);
  const float page_largest = largest_of<V>(scores, count);
  const float largest = page_largest > running.largest ? page_largest : running.largest;
  float weights[kSlotsPerPage];
  const float page_total = exponentiate<V>(scores, count, largest, weights);
  float rescale = 1.0F;
  if (largest != running.largest) exponentiate<V>(&running.largest, 1, largest, &rescale);
  running = {.largest = largest, .total = running.total * rescale + page_total};

  constexpr int kChunks = kReadTogether<V, typename Values::Format>;
  int start = 0;
  for (; start + kChunks * V::kWidth <= head.width; start += kChunks * V::kWidth) {
    add_values<V, kChunks>(head, values, count, weights, rescale, {start, V::kWidth});
  }
  for (; start + V::kWidth <= head.width; start += V::kWidth) {
    add_values<V, 1>(head, values, count, weights, rescale, {start, V::kWidth});
  }
  const int rest = head.width - start;
  if (rest > 0) add_values<V, 1>(head, values, count, weights, rescale, {start, rest});
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

/// Adds some pages of one table for `count` heads that read the same slots.
template <class V, class Stored>
void add_pages(const DecodeHead* heads, int count, PageSpan pages, RunningSoftmax* running) {
  const DecodeHead& table = heads[0];
  if (table.slots == nullptr) {
    const int end =
        pages.end * kSlotsPerPage < table.stored ? pages.end * kSlotsPerPage : table.stored;
    for (int first = pages.first * kSlotsPerPage; first < end; first += kSlotsPerPage) {
      const int left = end - first;
      const FirstSlots<V> slots{left < kSlotsPerPage ? left : kSlotsPerPage};
      add_page_for_all<V, Stored>(heads, count, first / kSlotsPerPage, left > kSlotsPerPage, slots,
                                  first, running);
    }
    return;
  }
  int first = 0;
  while (first < table.listed && table.slots[first] < pages.first * kSlotsPerPage) ++first;
  while (first < table.listed && table.slots[first] < pages.end * kSlotsPerPage) {
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

template <class V>
void read_pages(const DecodeHeads& together, RunningSoftmax* running) {
  const auto [heads, count, per_table, shared_pages, pages] = together;
  for (int i = 0; i < count; ++i) {
    running[i] = RunningSoftmax{};
    for_each_chunk<V>(heads[i].width, [&](auto chunk) { chunk.store(heads[i].output, V::zero()); });
  }
  const int shared = shared_pages < pages.end ? shared_pages : pages.end;
  const PageSpan own{shared > pages.first ? shared : pages.first, pages.end};
  with_format<V>(heads[0].format, [&](auto stored) {
    using Stored = decltype(stored);
    for (int page = pages.first; page < shared; ++page) {
      add_page_for_all<V, Stored>(heads, count, page, page + 1 < shared,
                                  FirstSlots<V>{kSlotsPerPage}, page * kSlotsPerPage, running);
    }
    for (int first = 0; first < count; first += per_table) {
      add_pages<V, Stored>(heads + first, per_table, own, running + first);
    }
  });
}

/// Adds a part that was read after what the sums and the head's output hold.
template <class V>
void merge_part(const DecodeHead& head, const DecodedPart& part, RunningSoftmax& running) {
  if (part.sums.total == 0.0F) return;
  const float largest = part.sums.largest > running.largest ? part.sums.largest : running.largest;
  float before = 1.0F;
  float added = 1.0F;
  exponentiate<V>(&running.largest, 1, largest, &before);
  exponentiate<V>(&part.sums.largest, 1, largest, &added);
  running = {.largest = largest, .total = running.total * before + part.sums.total * added};
  for_each_chunk<V>(head.width, [&](auto chunk) {
    const auto kept = V::multiply(chunk.load(head.output), V::broadcast(before));
    chunk.store(head.output, V::multiply_add(chunk.load(part.output), V::broadcast(added), kept));
  });
}

/// Merges a head's parts and normalises its output and mass by the softmax sum.
template <class V>
void finish_head(const DecodeHead& head, const DecodedPart* parts, int count) {
  RunningSoftmax running = parts[0].sums;
  for (int part = 1; part < count; ++part) merge_part<V>(head, parts[part], running);
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

}  // namespace sketchscope::kernels::cpu
