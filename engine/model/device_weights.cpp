#include "engine/model/device_weights.hpp"

namespace sketchscope {

DeviceWeights::DeviceWeights(const ModelWeights& weights)
    : tokens(copy(weights.tokens)),
      positions(copy(weights.positions)),
      final_norm(copy(weights.final_norm)),
      head(weights.own_head ? copy(*weights.own_head) : tokens) {
  for (const LayerWeights& layer : weights.layers) {
    layers.push_back({.attention_norm = copy(layer.attention_norm),
                      .qkv = copy(layer.qkv),
                      .attention_output = copy(layer.attention_output),
                      .inner_norm = copy(layer.inner_norm),
                      .expand = copy(layer.expand),
                      .contract = copy(layer.contract)});
  }
}

const float* DeviceWeights::copy(std::span<const float> numbers) {
  if (numbers.empty()) return nullptr;
  arrays_.emplace_back(std::as_bytes(numbers));
  return reinterpret_cast<const float*>(arrays_.back().data());
}

DeviceWeights::LayerNorm DeviceWeights::copy(const LayerNormWeights& norm) {
  return {.scale = copy(norm.scale), .shift = copy(norm.shift)};
}

Linear DeviceWeights::copy(const LinearWeights& weights) {
  arrays_.emplace_back(std::span(weights.weight.data(), weights.weight.size()));
  return {.weight = arrays_.back().data(),
          .type = weights.type,
          .scale = copy(weights.scale),
          .bias = copy(weights.bias),
          .inputs = weights.inputs,
          .outputs = weights.outputs};
}

}  // namespace sketchscope
