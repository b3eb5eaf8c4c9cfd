#include "engine/model/number_conversion.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "kernels/number_format.hpp"

namespace sketchscope::model {
namespace {

/// The representation of a number of each type, and its value.
template <kernels::WeightType>
struct Format;

template <>
struct Format<kernels::WeightType::f32> {
  using Stored = float;
  static float value(float stored) { return stored; }
  static float stored(float value) { return value; }
};

template <>
struct Format<kernels::WeightType::f16> {
  using Stored = std::uint16_t;
  static float value(std::uint16_t stored) { return kernels::to_float(kernels::Half{stored}); }
  static std::uint16_t stored(float value) { return kernels::f16_from_float(value); }
};

template <>
struct Format<kernels::WeightType::bf16> {
  using Stored = std::uint16_t;
  static float value(std::uint16_t stored) { return kernels::to_float(kernels::Bfloat16{stored}); }
  static std::uint16_t stored(float value) { return kernels::bf16_from_float(value); }
};

/// Converts numbers between two types. Checkpoints lie at any address, so elements are accessed by
/// memcpy.
template <kernels::WeightType kFrom, kernels::WeightType kTo>
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

[[noreturn]] void refuse_scaled() {
  throw std::invalid_argument("a conversion to or from a type with scales");
}

/// Calls `use` with the Conversion of two types known only at run time.
template <kernels::WeightType kFrom, typename Use>
void with_target(kernels::WeightType to, const Use& use) {
  switch (to) {
    case kernels::WeightType::f32:
      return use(Conversion<kFrom, kernels::WeightType::f32>{});
    case kernels::WeightType::f16:
      return use(Conversion<kFrom, kernels::WeightType::f16>{});
    case kernels::WeightType::bf16:
      return use(Conversion<kFrom, kernels::WeightType::bf16>{});
    default:
      refuse_scaled();
  }
}

template <typename Use>
void with_conversion(kernels::WeightType from, kernels::WeightType to, const Use& use) {
  switch (from) {
    case kernels::WeightType::f32:
      return with_target<kernels::WeightType::f32>(to, use);
    case kernels::WeightType::f16:
      return with_target<kernels::WeightType::f16>(to, use);
    case kernels::WeightType::bf16:
      return with_target<kernels::WeightType::bf16>(to, use);
    default:
      refuse_scaled();
  }
}

}  // namespace

std::optional<kernels::WeightType> weight_type(checkpoint::WeightDtype dtype) {
  switch (dtype) {
    case checkpoint::WeightDtype::f32:
      return kernels::WeightType::f32;
    case checkpoint::WeightDtype::f16:
      return kernels::WeightType::f16;
    case checkpoint::WeightDtype::bf16:
      return kernels::WeightType::bf16;
    case checkpoint::WeightDtype::int8:
      return kernels::WeightType::int8;
    case checkpoint::WeightDtype::as_stored:
      break;
  }
  return std::nullopt;
}

kernels::WeightType weight_type(checkpoint::CheckpointTensor::Type type) {
  switch (type) {
    case checkpoint::CheckpointTensor::Type::f32:
      return kernels::WeightType::f32;
    case checkpoint::CheckpointTensor::Type::f16:
      return kernels::WeightType::f16;
    case checkpoint::CheckpointTensor::Type::bf16:
      return kernels::WeightType::bf16;
    case checkpoint::CheckpointTensor::Type::other:
      break;
  }
  throw std::invalid_argument("weight_type: a tensor of another type");
}

kernels::WeightType weight_type(checkpoint::GgufType type) {
  switch (type) {
    case checkpoint::GgufType::q8_0:
      return kernels::WeightType::q8_0;
    case checkpoint::GgufType::q4_0:
      return kernels::WeightType::q4_0;
    case checkpoint::GgufType::q4_1:
      return kernels::WeightType::q4_1;
    default:
      throw std::invalid_argument("weight_type: blocks of another type");
  }
}

void copy_matrix(const MatrixBytes& source, kernels::WeightType type, std::byte* target) {
  with_conversion(source.type, type, [&](auto conversion) { conversion.copy(source, target); });
}

void transpose_matrix(const MatrixBytes& source, kernels::WeightType type, std::byte* target) {
  with_conversion(source.type, type,
                  [&](auto conversion) { conversion.transpose(source, target); });
}

}  // namespace sketchscope::model
