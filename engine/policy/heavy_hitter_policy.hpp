#pragma once

#include <algorithm>

#include "engine/policy/policy.hpp"

namespace sketchscope {

/// Keeps what has drawn most attention over all queries so far (H2O, arXiv 2306.14048).
class HeavyHitterPolicy final : public Policy {
 public:
  [[nodiscard]] StatisticSet needs() const override { return {Statistic::accumulated_mass}; }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    std::ranges::copy(input.statistics.values(Statistic::accumulated_mass), importance.begin());
  }
};

}  // namespace sketchscope
