#pragma once

#include <span>

#include "kernels/prompt_attention.hpp"

namespace sketchscope::model {

/// The queries, keys and values of a layer for the rows of a pass.
struct AttentionInput {
  kernels::StridedRows query;  // (B, H · D)
  kernels::StridedRows key;    // (B, K · D)
  kernels::StridedRows value;  // (B, K · D)
};

/// The attention between the two projections of a layer. The model does not know of caches:
/// implementations store keys and values, evict, and read.
class AttentionLayer {
 public:
  virtual ~AttentionLayer() = default;

  /// Computes the attention of `layer` into `output` (B, H · D). All arrays lie in the memory of
  /// the backend that runs the pass.
  virtual void attend(int layer, const AttentionInput& input, std::span<float> output) = 0;
};

}  // namespace sketchscope::model
