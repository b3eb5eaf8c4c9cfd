#pragma once

#include <span>

#include "kernels/strided_rows.hpp"

namespace sketchscope {

/// What a layer's projection gives attention for each row of a pass.
struct AttentionInput {
  StridedRows query;  // (B, H · D)
  StridedRows key;    // (B, K · D)
  StridedRows value;  // (B, K · D)
};

/// What attention does between the two projections of a layer. The model knows nothing of caches:
/// whoever runs it stores keys and values, evicts, and reads.
class AttentionLayer {
 public:
  virtual ~AttentionLayer() = default;

  /// Fills `output` (B, H · D). All arrays lie in the memory of the backend that runs the pass.
  virtual void attend(int layer, const AttentionInput& input, std::span<float> output) = 0;
};

}  // namespace sketchscope
