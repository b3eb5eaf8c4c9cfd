#pragma once

#include <span>

#include "kernels/layers.hpp"

namespace sketchscope::model {

/// Prompts of fewer rows use the program's own kernels, which are as fast there and whose sums do
/// not depend on the number of rows and threads, as the library's do (measured with MKL for up to 8
/// rows).
inline constexpr int kFewestGemmRows = 256;

/// A library's matrix product for many rows of one prompt, implemented with LibTorch in
/// engine/model/torch. It has the contract of linear(), except that sums are in the library's
/// order.
class PromptGemm {
 public:
  virtual ~PromptGemm() = default;
  virtual void multiply(const kernels::Linear& layer, std::span<const float> input, int rows,
                        std::span<float> output) const = 0;
};

}  // namespace sketchscope::model
