#include "engine/model/weight_names.hpp"

namespace sketchscope {

std::string weight_of(const std::string& name) {
  return name + ".weight";
}

std::string bias_of(const std::string& name) {
  return name + ".bias";
}

std::vector<TensorName> tensors_of(const MatrixName& matrix) {
  const std::int64_t outputs = matrix.outputs;
  const std::int64_t inputs = matrix.inputs;
  std::vector<TensorName> tensors;
  tensors.push_back({weight_of(matrix.name), {outputs, inputs}});
  if (matrix.transposed) tensors.back().shape = {inputs, outputs};
  if (matrix.bias) tensors.push_back({bias_of(matrix.name), {outputs}});
  return tensors;
}

std::vector<TensorName> tensors_of(const NormName& norm) {
  return {{weight_of(norm.name), {norm.width}}, {bias_of(norm.name), {norm.width}}};
}

std::vector<TensorName> tensors_of(const TableName& table) {
  return {{weight_of(table.name), {table.rows, table.width}}};
}

std::vector<TensorName> tensors_of(const WeightNames& names) {
  std::vector<TensorName> all;
  for_each_part(names, [&](const auto& part) {
    for (TensorName& tensor : tensors_of(part)) all.push_back(std::move(tensor));
  });
  return all;
}

}  // namespace sketchscope
