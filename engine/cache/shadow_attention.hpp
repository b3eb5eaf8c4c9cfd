#pragma once

#include <vector>

namespace sketchscope {

/// One head's attention under one query, position by position (N, all that were ever fed).
struct ShadowAttention {
  std::vector<float> full;  ///< p: over the exact keys of all positions, as the twin would attend
  std::vector<float> lane;  ///< q: as the lane did, 0 where it did not read
  double tail = 0;          ///< z: what a summary of evicted positions drew; Σ q + z = 1
};

}  // namespace sketchscope
