#include <algorithm>

#include "engine/policy/policies.hpp"

namespace sketchscope {
namespace {

/// Keeps the positions that the last query attended to most (TOVA, arXiv 2401.06104).
class TovaPolicy final : public Policy {
 public:
  [[nodiscard]] StatisticSet needs() const override { return {Statistic::last_mass}; }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    std::ranges::copy(input.statistics.values(Statistic::last_mass), importance.begin());
  }
};

}  // namespace

std::unique_ptr<Policy> make_tova_policy() {
  return std::make_unique<TovaPolicy>();
}

}  // namespace sketchscope
