#include "engine/model/weight_names.hpp"

#include <numeric>

namespace sketchscope::model {

int MatrixName::outputs() const {
  return std::accumulate(stored.begin(), stored.end(), 0,
                         [](int sum, const StoredMatrix& one) { return sum + one.outputs; });
}

std::string weight_of(const std::string& name) {
  return name + ".weight";
}

std::string bias_of(const std::string& name) {
  return name + ".bias";
}

std::string weight_of(const MatrixName& matrix) {
  return weight_of(matrix.stored.front().name);
}

std::vector<TensorName> tensors_of(const MatrixName& matrix) {
  const std::int64_t inputs = matrix.inputs;
  std::vector<TensorName> tensors;
  for (const auto& [name, count] : matrix.stored) {
    const std::int64_t outputs = count;
    tensors.push_back({weight_of(name), {outputs, inputs}});
    if (matrix.transposed) tensors.back().shape = {inputs, outputs};
    if (matrix.bias) tensors.push_back({bias_of(name), {outputs}});
  }
  return tensors;
}

std::vector<TensorName> tensors_of(const NormName& norm) {
  std::vector<TensorName> tensors = {{weight_of(norm.name), {norm.width}}};
  if (norm.kind == NormKind::layer_norm) tensors.push_back({bias_of(norm.name), {norm.width}});
  return tensors;
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

}  // namespace sketchscope::model
