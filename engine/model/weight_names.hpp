#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model/decoder_parts.hpp"

namespace sketchscope {

/// A matrix (N, K): the tensor <name>.weight, and <name>.bias (N) where it has one.
struct MatrixName {
  std::string name;
  int outputs = 0;          // N
  int inputs = 0;           // K
  bool transposed = false;  ///< stored as (K, N)
  bool bias = false;
};

/// A norm over `width` numbers: the tensors <name>.weight and <name>.bias.
struct NormName {
  std::string name;
  int width = 0;
};

/// Rows of numbers that are looked up: the tensor <name>.weight (rows, width).
struct TableName {
  std::string name;
  int rows = 0;
  int width = 0;
};

/// What a family's checkpoints call the weights, and how they store them.
using WeightNames = DecoderParts<NormName, MatrixName, TableName>;

/// A tensor of a checkpoint.
struct TensorName {
  std::string name;
  std::vector<std::int64_t> shape;
};

[[nodiscard]] std::string weight_of(const std::string& name);  ///< <name>.weight
[[nodiscard]] std::string bias_of(const std::string& name);    ///< <name>.bias

/// The tensors that make up one part.
[[nodiscard]] std::vector<TensorName> tensors_of(const MatrixName& matrix);
[[nodiscard]] std::vector<TensorName> tensors_of(const NormName& norm);
[[nodiscard]] std::vector<TensorName> tensors_of(const TableName& table);
/// All tensors, each part's weight before its bias.
[[nodiscard]] std::vector<TensorName> tensors_of(const WeightNames& names);

}  // namespace sketchscope
