#pragma once

#include "kernels/cpu/vector_loops.hpp"
#include "kernels/kv_format.hpp"
#include "kernels/number_format.hpp"

// How vectors of keys and values are read and written in each format of kernels/kv_format.hpp.
namespace sketchscope::kernels::cpu {

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

/// Clamps `x` to the range of finite halves.
template <class V>
typename V::Register within_halves(typename V::Register x) {
  constexpr float kLargest = 65504.0F;
  return V::larger(V::smaller(x, V::broadcast(kLargest)), V::broadcast(-kLargest));
}

/// Clamps `x` to [lowest, highest], which lie within ±2^22, and rounds it to the nearest integers,
/// ties to even.
template <class V>
typename V::Register nearest_code(typename V::Register x, float lowest, float highest) {
  const auto inside = V::smaller(V::larger(x, V::broadcast(lowest)), V::broadcast(highest));
  // Adding 1.5 · 2^23 leaves no bits for a fraction.
  const auto rounder = V::broadcast(0x1.8p23F);
  return V::subtract(V::add(inside, rounder), rounder);
}

template <class V>
void encode_f16(const float* vector, int width, std::byte* out) {
  auto* halves = reinterpret_cast<Half*>(out);
  for_each_chunk<V>(width,
                    [&](auto chunk) { chunk.store(halves, within_halves<V>(chunk.load(vector))); });
}

template <class V>
void encode_int8(const float* vector, int width, std::byte* out) {
  auto magnitude = V::zero();
  for_each_chunk<V>(width, [&](auto chunk) {
    const auto x = chunk.load(vector);
    magnitude = V::larger(magnitude, V::larger(x, V::subtract(V::zero(), x)));
  });
  float lanes[V::kWidth];
  V::store(lanes, magnitude);
  const float scale = largest_of<V>(lanes, V::kWidth) / 127.0F;
  *reinterpret_cast<float*>(out) = scale;
  auto* codes = reinterpret_cast<std::int8_t*>(out + kCodesAt);
  for_each_chunk<V>(width, [&](auto chunk) {
    auto x = V::zero();
    if (scale != 0.0F) x = V::divide(chunk.load(vector), V::broadcast(scale));
    V::store(lanes, nearest_code<V>(x, -127.0F, 127.0F));
    for (int i = 0; i < chunk.count; ++i) {
      codes[chunk.start + i] = static_cast<std::int8_t>(static_cast<int>(lanes[i]));
    }
  });
}

/// Stores `value` as a half and returns the rounded value.
template <class V>
float put_half(float value, Half* half) {
  store_first<V>(half, 1, within_halves<V>(V::broadcast(value)));
  float result[V::kWidth];
  V::store(result, V::broadcast(*half));
  return result[0];
}

template <class V>
void encode_int4_group(const float* group, int count, std::byte* out) {
  float least = group[0];
  for (int i = 1; i < count; ++i) least = group[i] < least ? group[i] : least;
  float most = largest_of<V>(group, count);
  most = most > 65504.0F ? 65504.0F : most;
  Half* range = reinterpret_cast<Half*>(out);  // lowest, step
  const float lowest = put_half<V>(least, range);
  const float span = most - lowest;
  const float step = put_half<V>(span > 0.0F ? span / 15.0F : 0.0F, range + 1);
  auto* pairs = reinterpret_cast<std::uint8_t*>(out + kCodesAt);
  for_each_chunk<V>(count, [&](auto chunk) {
    auto x = V::zero();
    if (step != 0.0F) {
      x = V::divide(V::subtract(chunk.load(group), V::broadcast(lowest)), V::broadcast(step));
    }
    float codes[V::kWidth];
    V::store(codes, nearest_code<V>(x, 0.0F, 15.0F));
    for (int i = 0; i < chunk.count; i += 2) {
      pairs[(chunk.start + i) / 2] = static_cast<std::uint8_t>(static_cast<int>(codes[i]) |
                                                               static_cast<int>(codes[i + 1]) << 4);
    }
  });
}

template <class V>
void encode_vector(KvFormat format, int width, const float* vector, std::byte* out) {
  switch (format) {
    case KvFormat::f32:
      __builtin_memcpy(out, vector, sizeof(float) * width);
      break;
    case KvFormat::f16:
      encode_f16<V>(vector, width, out);
      break;
    case KvFormat::int8:
      encode_int8<V>(vector, width, out);
      break;
    case KvFormat::int4:
      for (int d = 0; d < width; d += kInt4Group) {
        const int count = width - d < kInt4Group ? width - d : kInt4Group;
        encode_int4_group<V>(vector + d, count, out + d / kInt4Group * kInt4GroupBytes);
      }
      break;
  }
}

}  // namespace sketchscope::kernels::cpu
