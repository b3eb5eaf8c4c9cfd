#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/checkpoint/checkpoint.hpp"
#include "kernels/layers.hpp"

namespace sketchscope::model {

/// Returns the weight type of a checkpoint's tensor, whose type must not be `other`.
kernels::WeightType weight_type(checkpoint::CheckpointTensor::Type type);
/// Returns the weight type of blocks that run as stored: Q8_0, Q4_0 or Q4_1.
kernels::WeightType weight_type(checkpoint::GgufType type);
/// The type of weights that are converted to `dtype`; nothing where they stay as stored.
std::optional<kernels::WeightType> weight_type(checkpoint::WeightDtype dtype);

/// A row-major matrix (rows, columns) at any address, aligned or not.
struct MatrixBytes {
  std::span<const std::byte> bytes;
  kernels::WeightType type = kernels::WeightType::f32;
  std::size_t rows = 0;
  std::size_t columns = 0;
};

/// Copies `source` to `target` (rows, columns) of `type`, rounding to nearest even. Neither type
/// may have scales, as int8 (int8_rows.hpp) and blocks do.
void copy_matrix(const MatrixBytes& source, kernels::WeightType type, std::byte* target);

/// Copies the transpose of `source` to `target` (columns, rows) under the rules of copy_matrix().
void transpose_matrix(const MatrixBytes& source, kernels::WeightType type, std::byte* target);

}  // namespace sketchscope::model
