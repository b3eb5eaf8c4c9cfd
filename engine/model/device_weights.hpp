#pragma once

#include <cstddef>
#include <vector>

#include "engine/model/model_weights.hpp"
#include "kernels/cuda/memory.hpp"

namespace sketchscope {

/// A copy of a model's numbers on the GPU, beside those that prompts use on the processor.
class DeviceWeights {
 public:
  /// Throws DeviceError where it does not fit or no device answers.
  explicit DeviceWeights(const ModelWeights& weights);

  /// All pointers are the device's.
  [[nodiscard]] const DecoderView& view() const { return view_; }

 private:
  const float* copy(const std::vector<float>& numbers);
  NormView copy(const NormWeights& norm);
  Linear copy(const LinearWeights& weights);

  std::vector<cuda::DeviceArray<std::byte>> arrays_;
  DecoderView view_;
};

}  // namespace sketchscope
