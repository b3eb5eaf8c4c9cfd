#include "engine/model/number_conversion.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "kernels/number_format.hpp"

namespace sketchscope {
namespace {

/// The representation of a number of each type, and its value.
template <WeightType>
struct Format;

template <>
struct Format<WeightType::f32> {
  using Stored = float;
  static float value(float stored) { return stored; }
  static float stored(float value) { return value; }
};

template <>
struct Format<WeightType::f16> {
  using Stored = std::uint16_t;
  static float value(std::uint16_t stored) { return to_float(Half{stored}); }
  static std::uint16_t stored(float value) { return f16_from_float(value); }
};

template <>
struct Format<WeightType::bf16> {
  using Stored = std::uint16_t;
  static float value(std::uint16_t stored) { return to_float(Bfloat16{stored}); }
  static std::uint16_t stored(float value) { return bf16_from_float(value); }
};

/// Converts numbers between two types. Checkpoints lie at any address, so elements are accessed by
/// memcpy.
template <WeightType kFrom, WeightType kTo>
struct Conversion {
  using From = typename Format<kFrom>::Stored;
  using To = typename Format<kTo>::Stored;

  static To convert(From number) {
    if constexpr (kFrom == kTo) {
      return number;
    } else {
      return Format<kTo>::stored(Format<kFrom>::value(number));
    }
  }

  static void element(const std::byte* source, std::size_t from, std::byte* target,
                      std::size_t to) {
    From number;
    std::memcpy(&number, source + from * sizeof(From), sizeof number);
    const To converted = convert(number);
    std::memcpy(target + to * sizeof(To), &converted, sizeof converted);
  }

  static void copy(const MatrixBytes& source, std::byte* target) {
    if constexpr (kFrom == kTo) {
      std::memcpy(target, source.bytes.data(), source.bytes.size());
    } else {
      const std::size_t count = source.rows * source.columns;
      for (std::size_t i = 0; i < count; ++i) {
        element(source.bytes.data(), i, target, i);
      }
    }
  }

  /// Transposes in tiles that fit the first-level cache, so that neither side is traversed with a
  /// large stride.
  static void transpose(const MatrixBytes& source, std::byte* target) {
    constexpr std::size_t kTile = 32;
    for (std::size_t row = 0; row < source.rows; row += kTile) {
      for (std::size_t column = 0; column < source.columns; column += kTile) {
        const std::size_t last_row = std::min(row + kTile, source.rows);
        const std::size_t last_column = std::min(column + kTile, source.columns);
        for (std::size_t c = column; c < last_column; ++c) {
          for (std::size_t r = row; r < last_row; ++r) {
            element(source.bytes.data(), r * source.columns + c, target, c * source.rows + r);
          }
        }
      }
    }
  }
};

[[noreturn]] void refuse_int8() {
  throw std::invalid_argument("a conversion to or from int8 needs the scale of each row");
}

/// Calls `use` with the Conversion of two types known only at run time.
template <WeightType kFrom, typename Use>
void with_target(WeightType to, const Use& use) {
  switch (to) {
    case WeightType::f32:
      return use(Conversion<kFrom, WeightType::f32>{});
    case WeightType::f16:
      return use(Conversion<kFrom, WeightType::f16>{});
    case WeightType::bf16:
      return use(Conversion<kFrom, WeightType::bf16>{});
    case WeightType::int8:
      break;
  }
  refuse_int8();
}

template <typename Use>
void with_conversion(WeightType from, WeightType to, const Use& use) {
  switch (from) {
    case WeightType::f32:
      return with_target<WeightType::f32>(to, use);
    case WeightType::f16:
      return with_target<WeightType::f16>(to, use);
    case WeightType::bf16:
      return with_target<WeightType::bf16>(to, use);
    case WeightType::int8:
      break;
  }
  refuse_int8();
}

}  // namespace

std::optional<WeightType> weight_type(WeightDtype dtype) {
  switch (dtype) {
    case WeightDtype::f32:
      return WeightType::f32;
    case WeightDtype::f16:
      return WeightType::f16;
    case WeightDtype::bf16:
      return WeightType::bf16;
    case WeightDtype::int8:
      return WeightType::int8;
    case WeightDtype::as_stored:
      break;
  }
  return std::nullopt;
}

WeightType weight_type(CheckpointTensor::Type type) {
  switch (type) {
    case CheckpointTensor::Type::f32:
      return WeightType::f32;
    case CheckpointTensor::Type::f16:
      return WeightType::f16;
    case CheckpointTensor::Type::bf16:
      return WeightType::bf16;
    case CheckpointTensor::Type::other:
      break;
  }
  throw std::invalid_argument("weight_type: a tensor of another type");
}

void copy_matrix(const MatrixBytes& source, WeightType type, std::byte* target) {
  with_conversion(source.type, type, [&](auto conversion) { conversion.copy(source, target); });
}

void transpose_matrix(const MatrixBytes& source, WeightType type, std::byte* target) {
  with_conversion(source.type, type,
                  [&](auto conversion) { conversion.transpose(source, target); });
}

}  // namespace sketchscope
