#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/checkpoint/checkpoint.hpp"
#include "kernels/linear.hpp"

namespace sketchscope {

/// The number type of a checkpoint's tensor, which must not be `other`.
WeightType weight_type(CheckpointTensor::Type type);

/// A matrix (rows, columns) row-major at any address.
struct MatrixBytes {
  std::span<const std::byte> bytes;
  WeightType type = WeightType::f32;
  std::size_t rows = 0;
  std::size_t columns = 0;
};

/// Copies `source` to `target` (rows, columns) of `type`, rounding to nearest even. Neither is
/// int8, whose rows have scales (int8_rows.hpp).
void copy_matrix(const MatrixBytes& source, WeightType type, std::byte* target);

/// The same into `target` (columns, rows).
void transpose_matrix(const MatrixBytes& source, WeightType type, std::byte* target);

}  // namespace sketchscope
