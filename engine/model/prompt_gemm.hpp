#pragma once

#include <span>

#include "kernels/layers.hpp"

namespace sketchscope::model {

/// Passes of fewer rows use the program's own kernels, whose sums do not depend on the number of
/// rows and threads. They are the faster ones for as many rows as a prompt's parts have, since the
/// library wants weights that lie in panels laid out anew.
inline constexpr int kFewestGemmRows = 1024;

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
