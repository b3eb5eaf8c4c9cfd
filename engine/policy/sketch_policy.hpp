#pragma once

#include "engine/policy/policy.hpp"

namespace sketchscope {

/// Keeps what has drawn most attention by the estimate of a sketch.
class SketchPolicy final : public Policy {
 public:
  [[nodiscard]] bool uses_sketch() const override { return true; }

  /// With the key `head-position` a position has an item per head: their estimates are summed.
  /// Throws Error without a sketch.
  void score(const ScoreInput& input, std::span<float> importance) const override;
};

}  // namespace sketchscope
