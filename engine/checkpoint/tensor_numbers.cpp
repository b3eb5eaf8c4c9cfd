#include "engine/checkpoint/tensor_numbers.hpp"

#include <algorithm>
#include <cstring>

#include "engine/core/error.hpp"

namespace sketchscope::checkpoint {
namespace {

using Size = std::uint64_t;

constexpr Size kMostNumbers = Size{1} << 60;  // whose size in bytes does not overflow

[[noreturn]] void refuse_short(const std::string& name, const CheckpointTensor& tensor) {
  throw core::Error({.what = "tensor " + name + " is cut short",
                     .found = std::to_string(tensor.bytes.size()) + " bytes",
                     .expected = "all numbers of its shape",
                     .remedy = "fetch the file again"});
}

/// Returns the product of the sizes of all axes but checks it against `limit` at every step.
bool count_within(const std::vector<std::int64_t>& shape, Size limit, Size& count) {
  count = 1;
  for (const std::int64_t size : shape) {
    if (__builtin_mul_overflow(count, static_cast<Size>(size), &count)) return false;
  }
  return count <= limit;
}

/// Whether the last number of the tensor lies within its bytes.
bool strides_fit(const CheckpointTensor& tensor, Size stored) {
  Size last = 0;
  for (std::size_t axis = 0; axis < tensor.shape.size(); ++axis) {
    Size reach = 0;
    if (__builtin_mul_overflow(static_cast<Size>(tensor.shape[axis] - 1),
                               static_cast<Size>(tensor.strides[axis]), &reach) ||
        __builtin_add_overflow(last, reach, &last)) {
      return false;
    }
  }
  return last < stored;
}

/// Copies numbers of `kWidth` bytes in row-major order, one run of the last axis at a time.
template <std::size_t kWidth>
void gather(const CheckpointTensor& tensor, Size count, std::byte* target) {
  const std::size_t axes = tensor.shape.size();
  const auto run = static_cast<Size>(tensor.shape.back());
  const auto step = static_cast<Size>(tensor.strides.back()) * kWidth;
  std::vector<std::int64_t> index(axes, 0);
  for (Size done = 0; done < count; done += run) {
    Size start = 0;
    for (std::size_t axis = 0; axis + 1 < axes; ++axis) {
      start += static_cast<Size>(index[axis] * tensor.strides[axis]);
    }
    const std::byte* source = tensor.bytes.data() + start * kWidth;
    for (Size i = 0; i < run; ++i, source += step, target += kWidth) {
      std::memcpy(target, source, kWidth);
    }
    for (std::size_t axis = axes - 1; axis-- > 0;) {
      if (++index[axis] < tensor.shape[axis]) break;
      index[axis] = 0;
    }
  }
}

/// The bits of a number of each type: its exponent, which is all ones in NaN and infinity, and its
/// fraction, which is zero in infinity.
template <typename Word>
struct NumberBits {
  Word exponent;
  Word fraction;
};
constexpr NumberBits<std::uint32_t> kBitsOfF32 = {0x7F800000U, 0x007FFFFFU};
constexpr NumberBits<std::uint16_t> kBitsOfF16 = {0x7C00U, 0x03FFU};
constexpr NumberBits<std::uint16_t> kBitsOfBf16 = {0x7F80U, 0x007FU};

template <typename Word>
Word word_at(std::span<const std::byte> numbers, std::size_t place) {
  Word word;
  std::memcpy(&word, numbers.data() + place * sizeof word, sizeof word);
  return word;
}

/// Goes through blocks without a branch inside, so that the compiler vectorises the loop.
template <typename Word>
std::optional<std::size_t> find_exponent(std::span<const std::byte> numbers, Word exponent) {
  constexpr std::size_t kBlock = 4096;
  const std::size_t count = numbers.size() / sizeof(Word);
  for (std::size_t begin = 0; begin < count; begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, count);
    Word found = 0;
    for (std::size_t i = begin; i < end; ++i) {
      found |= static_cast<Word>((word_at<Word>(numbers, i) & exponent) == exponent);
    }
    if (found == 0) continue;
    std::size_t place = begin;
    while ((word_at<Word>(numbers, place) & exponent) != exponent) ++place;
    return place;
  }
  return std::nullopt;
}

template <typename Word>
std::string value_text(Word word, const NumberBits<Word>& bits) {
  if ((word & bits.fraction) != 0) return "NaN";
  const bool negative = (word & static_cast<Word>(~(bits.exponent | bits.fraction))) != 0;
  return negative ? "-infinity" : "infinity";
}

std::string value_text_at(CheckpointTensor::Type type, std::span<const std::byte> numbers,
                          std::size_t place) {
  switch (type) {
    case CheckpointTensor::Type::f32:
      return value_text(word_at<std::uint32_t>(numbers, place), kBitsOfF32);
    case CheckpointTensor::Type::f16:
      return value_text(word_at<std::uint16_t>(numbers, place), kBitsOfF16);
    case CheckpointTensor::Type::bf16:
      return value_text(word_at<std::uint16_t>(numbers, place), kBitsOfBf16);
    case CheckpointTensor::Type::other:
      break;
  }
  return {};
}

/// Returns the index, one number for each axis, of a place in row-major order, as "3, 0".
std::string index_text(std::size_t place, const std::vector<std::int64_t>& shape) {
  std::string text;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    const auto size = static_cast<std::size_t>(shape[axis]);
    text = std::to_string(place % size) + (text.empty() ? "" : ", ") + text;
    place /= size;
  }
  return text;
}

}  // namespace

std::size_t element_bytes(CheckpointTensor::Type type) {
  return type == CheckpointTensor::Type::f32 ? 4 : 2;
}

std::span<const std::byte> row_major_bytes(const std::string& name, const CheckpointTensor& tensor,
                                           std::vector<std::byte>& room) {
  const Size width = element_bytes(tensor.type);
  const Size stored = tensor.bytes.size() / width;
  Size count = 0;
  if (tensor.compute) {
    if (!count_within(tensor.shape, kMostNumbers, count)) refuse_short(name, tensor);
    room.resize(count * width);
    tensor.compute({reinterpret_cast<float*>(room.data()), count});
    return room;
  }
  if (tensor.strides.empty()) {
    if (!count_within(tensor.shape, stored, count)) refuse_short(name, tensor);
    return tensor.bytes.first(count * width);
  }
  if (!count_within(tensor.shape, kMostNumbers, count) ||
      (count > 0 && !strides_fit(tensor, stored))) {
    refuse_short(name, tensor);
  }
  room.resize(count * width);
  if (count == 0) return room;
  if (width == 4) {
    gather<4>(tensor, count, room.data());
  } else {
    gather<2>(tensor, count, room.data());
  }
  return room;
}

std::optional<std::size_t> first_not_finite(CheckpointTensor::Type type,
                                            std::span<const std::byte> numbers) {
  switch (type) {
    case CheckpointTensor::Type::f32:
      return find_exponent(numbers, kBitsOfF32.exponent);
    case CheckpointTensor::Type::f16:
      return find_exponent(numbers, kBitsOfF16.exponent);
    case CheckpointTensor::Type::bf16:
      return find_exponent(numbers, kBitsOfBf16.exponent);
    case CheckpointTensor::Type::other:
      break;
  }
  return std::nullopt;
}

void require_finite(const std::string& name, const CheckpointTensor& tensor,
                    std::span<const std::byte> numbers, const std::string& source) {
  const auto place = first_not_finite(tensor.type, numbers);
  if (!place) return;
  throw core::Error({.what = "tensor " + name + " of " + source + " is not finite at (" +
                             index_text(*place, tensor.shape) + ")",
                     .found = value_text_at(tensor.type, numbers, *place),
                     .expected = "a finite number in every place of a weight",
                     .remedy =
                         "fetch the file again, or take a checkpoint from before the training "
                         "diverged"});
}

}  // namespace sketchscope::checkpoint
