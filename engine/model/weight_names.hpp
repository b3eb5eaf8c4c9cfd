#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model/decoder_parts.hpp"
#include "engine/model/model_config.hpp"

namespace sketchscope::model {

/// A stored matrix: the tensor <name>.weight, and <name>.bias (outputs) if the layer has a bias.
struct StoredMatrix {
  std::string name;
  int outputs = 0;
};

/// The names of a matrix (N, K). A family may store it in several, whose outputs follow one
/// another.
struct MatrixName {
  std::vector<StoredMatrix> stored;
  int inputs = 0;           // K
  bool transposed = false;  ///< each is stored as (K, outputs)
  bool bias = false;

  /// The outputs of all of them, N.
  [[nodiscard]] int outputs() const;
};

/// The name of a norm over `width` numbers: the tensor <name>.weight and, where its kind has one,
/// <name>.bias.
struct NormName {
  std::string name;
  int width = 0;
  NormKind kind = NormKind::layer_norm;
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
/// Returns the tensor of the first, mostly the only, stored matrix of a layer.
[[nodiscard]] std::string weight_of(const MatrixName& matrix);

/// Returns the tensors that make up one part.
[[nodiscard]] std::vector<TensorName> tensors_of(const MatrixName& matrix);
[[nodiscard]] std::vector<TensorName> tensors_of(const NormName& norm);
[[nodiscard]] std::vector<TensorName> tensors_of(const TableName& table);
/// Returns all tensors, each weight before its bias.
[[nodiscard]] std::vector<TensorName> tensors_of(const WeightNames& names);

}  // namespace sketchscope::model
