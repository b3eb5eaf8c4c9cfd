#include "tests/kernels/reference/reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/number_format.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope::kernels::reference {
namespace {

constexpr float kLargestHalf = 65504.0F;

template <class T>
void put(std::byte* to, T value) {
  std::memcpy(to, &value, sizeof(T));
}

template <class T>
T take(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

float half_rounded(float value) {
  return to_float(Half{f16_from_float(value)});
}

/// Returns `value` / `step` as an integer in [lowest, highest]; 0 where the step is 0.
int code_of(float value, float step, float lowest, float highest) {
  if (step == 0.0F) return 0;
  return static_cast<int>(std::nearbyint(std::clamp(value / step, lowest, highest)));
}

void encode_int8(std::span<const float> vector, std::byte* out) {
  float largest = 0.0F;
  for (const float x : vector) largest = std::max(largest, std::abs(x));
  const float scale = largest / 127.0F;
  put(out, scale);
  for (std::size_t d = 0; d < vector.size(); ++d) {
    put(out + kCodesAt + d, static_cast<std::int8_t>(code_of(vector[d], scale, -127.0F, 127.0F)));
  }
}

void encode_int4_group(std::span<const float> group, std::byte* out) {
  const auto [least, most] = std::ranges::minmax(group);
  const float lowest = half_rounded(std::clamp(least, -kLargestHalf, kLargestHalf));
  const float highest = std::clamp(most, -kLargestHalf, kLargestHalf);
  const float step = half_rounded(std::max((highest - lowest) / 15.0F, 0.0F));
  put(out, f16_from_float(lowest));
  put(out + sizeof(Half), f16_from_float(step));
  for (std::size_t d = 0; d < group.size(); d += 2) {
    const int low = code_of(group[d] - lowest, step, 0.0F, 15.0F);
    const int high = code_of(group[d + 1] - lowest, step, 0.0F, 15.0F);
    out[kCodesAt + d / 2] = static_cast<std::byte>(low | high << 4);
  }
}

void encode_vector(KvFormat format, std::span<const float> vector, std::byte* out) {
  switch (format) {
    case KvFormat::f32:
      std::memcpy(out, vector.data(), vector.size_bytes());
      break;
    case KvFormat::f16:
      for (std::size_t d = 0; d < vector.size(); ++d) {
        put(out + d * sizeof(Half),
            f16_from_float(std::clamp(vector[d], -kLargestHalf, kLargestHalf)));
      }
      break;
    case KvFormat::int8:
      encode_int8(vector, out);
      break;
    case KvFormat::int4:
      for (std::size_t d = 0; d < vector.size(); d += kInt4Group) {
        encode_int4_group(vector.subspan(d, std::min<std::size_t>(kInt4Group, vector.size() - d)),
                          out + d / kInt4Group * kInt4GroupBytes);
      }
      break;
  }
}

float decoded(KvFormat format, const std::byte* vector, std::size_t d) {
  switch (format) {
    case KvFormat::f32:
      return take<float>(vector + d * sizeof(float));
    case KvFormat::f16:
      return to_float(take<Half>(vector + d * sizeof(Half)));
    case KvFormat::int8:
      return take<float>(vector) * static_cast<float>(take<std::int8_t>(vector + kCodesAt + d));
    case KvFormat::int4:
      break;
  }
  const std::byte* group = vector + d / kInt4Group * kInt4GroupBytes;
  const float lowest = to_float(take<Half>(group));
  const float step = to_float(take<Half>(group + sizeof(Half)));
  const int pair = std::to_integer<int>(group[kCodesAt + d % kInt4Group / 2]);
  const int code = d % 2 == 0 ? pair & 15 : pair >> 4;
  return static_cast<float>(lowest + static_cast<double>(step) * code);
}

}  // namespace

void encode_kv(const KvLayout& layout, std::span<const float> vectors,
               std::span<std::byte> encoded) {
  check_kv(layout, vectors.size(), encoded.size());
  const auto width = static_cast<std::size_t>(layout.width);
  for (std::size_t i = 0; i < static_cast<std::size_t>(layout.count); ++i) {
    encode_vector(layout.format, vectors.subspan(i * width, width),
                  encoded.data() + i * layout.stride);
  }
}

void decode_kv(const KvLayout& layout, std::span<const std::byte> encoded,
               std::span<float> vectors) {
  check_kv(layout, vectors.size(), encoded.size());
  const auto width = static_cast<std::size_t>(layout.width);
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    vectors[i] = decoded(layout.format, encoded.data() + i / width * layout.stride, i % width);
  }
}

}  // namespace sketchscope::kernels::reference
