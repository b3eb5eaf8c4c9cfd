#pragma once

namespace sketchscope::cpu {

/// Loads the first `count` < V::kWidth elements of `p`; the others are zero.
template <class V, class T>
typename V::Register load_first(const T* p, int count) {
  T padded[V::kWidth] = {};
  for (int i = 0; i < count; ++i) padded[i] = p[i];
  return V::load(padded);
}

template <class V, class T>
void store_first(T* p, int count, typename V::Register a) {
  T padded[V::kWidth];
  V::store(padded, a);
  for (int i = 0; i < count; ++i) p[i] = padded[i];
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

}  // namespace sketchscope::cpu
