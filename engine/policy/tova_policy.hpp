#pragma once

#include <algorithm>

#include "engine/policy/policy.hpp"

namespace sketchscope {

/// Keeps what the last query attended to most (TOVA, arXiv 2401.06104).
class TovaPolicy final : public Policy {
 public:
  [[nodiscard]] StatisticSet needs() const override { return {Statistic::last_mass}; }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    std::ranges::copy(input.statistics.values(Statistic::last_mass), importance.begin());
  }
};

}  // namespace sketchscope
