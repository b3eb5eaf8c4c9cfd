#pragma once

#include "engine/model/prompt_gemm.hpp"

namespace sketchscope::model {

/// The matrix product of LibTorch in f32. Half-precision weights are widened first, so that their
/// sums are as exact as those of the program's own kernels.
class TorchGemm final : public PromptGemm {
 public:
  void multiply(const kernels::Linear& layer, std::span<const float> input, int rows,
                std::span<float> output) const override;
};

}  // namespace sketchscope::model
