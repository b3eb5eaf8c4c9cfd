#pragma once

#include <cstddef>
#include <vector>

#include "engine/model/model_weights.hpp"
#include "kernels/cuda/runtime.hpp"

namespace sketchscope::model {

/// A copy of a model's weights on the GPU, in addition to those in host memory.
class DeviceWeights {
 public:
  /// Copies the weights. Throws DeviceError where they do not fit or no device answers.
  explicit DeviceWeights(const ModelWeights& weights);

  /// Returns the weights as device pointers.
  [[nodiscard]] const DecoderView& view() const { return view_; }

 private:
  const float* copy(const std::vector<float>& numbers);
  NormView copy(const NormWeights& norm);
  kernels::Linear copy(const LinearWeights& weights);

  std::vector<kernels::cuda::DeviceArray<std::byte>> arrays_;
  DecoderView view_;
};

}  // namespace sketchscope::model
