#pragma once

#include <algorithm>

#include "engine/policy/policy.hpp"

namespace sketchscope {

/// Never evicts; every position is worth the same.
class FullPolicy final : public Policy {
 public:
  [[nodiscard]] bool evicts() const override { return false; }

  void score(const ScoreInput&, std::span<float> importance) const override {
    std::ranges::fill(importance, 0.0F);
  }
};

}  // namespace sketchscope
