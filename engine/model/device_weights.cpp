#include "engine/model/device_weights.hpp"

#include "kernels/weight_panels.hpp"

namespace sketchscope::model {

DeviceWeights::DeviceWeights(const ModelWeights& weights)
    : view_(map_parts(weights, [this](const auto& part) { return copy(part); })) {}

const float* DeviceWeights::copy(const std::vector<float>& numbers) {
  if (numbers.empty()) return nullptr;
  arrays_.emplace_back(std::as_bytes(std::span(numbers)));
  return reinterpret_cast<const float*>(arrays_.back().data());
}

NormView DeviceWeights::copy(const NormWeights& norm) {
  return {.scale = copy(norm.scale),
          .bias = copy(norm.bias),
          .width = static_cast<int>(norm.scale.size()),
          .kind = norm.kind};
}

kernels::Linear DeviceWeights::copy(const LinearWeights& weights) {
  kernels::Linear layer = weights.view();
  arrays_.emplace_back(kernels::row_major(layer));
  layer.weight = arrays_.back().data();
  layer.scale = copy(weights.scale);
  layer.bias = copy(weights.bias);
  return layer;
}

}  // namespace sketchscope::model
