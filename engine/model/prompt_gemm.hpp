#pragma once

#include <span>

#include "kernels/linear.hpp"

namespace sketchscope {

/// Prompts of fewer rows use our own kernels: as fast there, and the library's sums would depend on
/// the number of rows and threads (measured with MKL for up to 8 rows).
inline constexpr int kFewestGemmRows = 256;

/// A library's matrix product for many rows of one prompt (engine/model/torch implements it on
/// LibTorch). Same contract as linear(), but sums in the library's own order.
class PromptGemm {
 public:
  virtual ~PromptGemm() = default;
  virtual void multiply(const Linear& layer, std::span<const float> input, int rows,
                        std::span<float> output) const = 0;
};

}  // namespace sketchscope
