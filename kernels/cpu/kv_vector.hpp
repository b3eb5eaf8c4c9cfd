#pragma once

#include "kernels/cpu/vector_tail.hpp"
#include "kernels/kv_format.hpp"
#include "kernels/number_format.hpp"

// Decoders from a chunk of a stored vector to floats, one struct per format; `vector` is the
// address of the stored vector.
namespace sketchscope::cpu {

template <class V>
struct F32Vector {
  static typename V::Register load(const std::byte* vector, Chunk<V> chunk) {
    return chunk.load(reinterpret_cast<const float*>(vector));
  }
};

template <class V>
struct F16Vector {
  static typename V::Register load(const std::byte* vector, Chunk<V> chunk) {
    return chunk.load(reinterpret_cast<const Half*>(vector));
  }
};

template <class V>
struct Int8Vector {
  static typename V::Register load(const std::byte* vector, Chunk<V> chunk) {
    const float scale = *reinterpret_cast<const float*>(vector);
    const auto codes = chunk.load(reinterpret_cast<const std::int8_t*>(vector + kCodesAt));
    return V::multiply(V::broadcast(scale), codes);
  }
};

template <class V>
struct Int4Vector {
  // A chunk never crosses groups, since their 32 numbers are a multiple of every vector width.
  static typename V::Register load(const std::byte* vector, Chunk<V> chunk) {
    const std::byte* group = vector + chunk.start / kInt4Group * kInt4GroupBytes;
    const Half* range = reinterpret_cast<const Half*>(group);  // lowest, step
    const auto* pairs =
        reinterpret_cast<const std::uint8_t*>(group) + kCodesAt + chunk.start % kInt4Group / 2;
    const auto codes = chunk.count == V::kWidth ? V::load_nibbles(pairs)
                                                : load_first_nibbles(pairs, chunk.count / 2);
    return V::multiply_add(V::broadcast(range[1]), codes, V::broadcast(range[0]));
  }

 private:
  static typename V::Register load_first_nibbles(const std::uint8_t* pairs, int count) {
    std::uint8_t padded[V::kWidth / 2] = {};
    for (int i = 0; i < count; ++i) padded[i] = pairs[i];
    return V::load_nibbles(padded);
  }
};

/// Calls visit with the decoder of a format.
template <class V, class Visit>
void with_format(KvFormat format, Visit visit) {
  switch (format) {
    case KvFormat::f32:
      return visit(F32Vector<V>{});
    case KvFormat::f16:
      return visit(F16Vector<V>{});
    case KvFormat::int8:
      return visit(Int8Vector<V>{});
    case KvFormat::int4:
      return visit(Int4Vector<V>{});
  }
}

template <class V>
void decode_vector(KvFormat format, int width, const std::byte* encoded, float* vector) {
  with_format<V>(format, [&](auto stored) {
    for_each_chunk<V>(width, [&](auto chunk) { chunk.store(vector, stored.load(encoded, chunk)); });
  });
}

}  // namespace sketchscope::cpu
