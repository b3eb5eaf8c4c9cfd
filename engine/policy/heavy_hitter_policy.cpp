#include <algorithm>

#include "engine/policy/policies.hpp"

namespace sketchscope {
namespace {

/// Keeps the positions with the most attention accumulated over all queries so far (H2O, arXiv
/// 2306.14048).
class HeavyHitterPolicy final : public Policy {
 public:
  [[nodiscard]] StatisticSet needs() const override { return {Statistic::accumulated_mass}; }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    std::ranges::copy(input.statistics.values(Statistic::accumulated_mass), importance.begin());
  }
};

}  // namespace

std::unique_ptr<Policy> make_heavy_hitter_policy() {
  return std::make_unique<HeavyHitterPolicy>();
}

}  // namespace sketchscope
