#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model/decoder_parts.hpp"

namespace sketchscope {

/// The name of a matrix (N, K): the tensor <name>.weight, and <name>.bias (N) if it has a bias.
struct MatrixName {
  std::string name;
  int outputs = 0;          // N
  int inputs = 0;           // K
  bool transposed = false;  ///< stored as (K, N)
  bool bias = false;
};

/// The name of a norm over `width` numbers: the tensors <name>.weight and <name>.bias.
struct NormName {
  std::string name;
  int width = 0;
};

/// The name of a lookup table: the tensor <name>.weight (rows, width).
struct TableName {
  std::string name;
  int rows = 0;
  int width = 0;
};

/// The names of the weights in a family's checkpoints, and how they are stored.
using WeightNames = DecoderParts<NormName, MatrixName, TableName>;

/// The name and the shape of a tensor of a checkpoint.
struct TensorName {
  std::string name;
  std::vector<std::int64_t> shape;
};

/// Returns <name>.weight, the tensor of a weight.
[[nodiscard]] std::string weight_of(const std::string& name);
/// Returns <name>.bias, the tensor of a bias.
[[nodiscard]] std::string bias_of(const std::string& name);

/// Returns the tensors that make up one part.
[[nodiscard]] std::vector<TensorName> tensors_of(const MatrixName& matrix);
[[nodiscard]] std::vector<TensorName> tensors_of(const NormName& norm);
[[nodiscard]] std::vector<TensorName> tensors_of(const TableName& table);
/// Returns all tensors, the weight of each part before its bias.
[[nodiscard]] std::vector<TensorName> tensors_of(const WeightNames& names);

}  // namespace sketchscope
