#pragma once

#include <cstddef>
#include <vector>

#include "engine/model/model_weights.hpp"
#include "kernels/cuda/memory.hpp"

namespace sketchscope {

/// A copy of a model's numbers on the GPU, beside those that prompts use on the processor. Throws
/// DeviceError where it does not fit or no device answers.
class DeviceWeights {
 private:
  std::vector<cuda::DeviceArray<std::byte>> arrays_;  // first: the copies below lie in it

 public:
  explicit DeviceWeights(const ModelWeights& weights);

  struct LayerNorm {
    const float* scale = nullptr;  // (C)
    const float* shift = nullptr;  // (C)
  };
  struct Layer {
    LayerNorm attention_norm;
    Linear qkv;
    Linear attention_output;
    LayerNorm inner_norm;
    Linear expand;
    Linear contract;
  };
  // All pointers are the device's.
  Linear tokens;                     // (V, C)
  const float* positions = nullptr;  // (T, C)
  std::vector<Layer> layers;
  LayerNorm final_norm;
  Linear head;  // (V, C)

 private:
  const float* copy(std::span<const float> numbers);
  LayerNorm copy(const LayerNormWeights& norm);
  Linear copy(const LinearWeights& weights);
};

}  // namespace sketchscope
