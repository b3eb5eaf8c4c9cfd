#include "engine/policy/policies.hpp"

namespace sketchscope {
namespace {

/// Scores a position by its accumulated mass per query that saw it, so that age alone does not
/// raise the score.
class AgeNormalizedPolicy final : public Policy {
 public:
  [[nodiscard]] StatisticSet needs() const override {
    return {Statistic::accumulated_mass, Statistic::query_count};
  }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    const auto mass = input.statistics.values(Statistic::accumulated_mass);
    const auto queries = input.statistics.values(Statistic::query_count);
    for (std::size_t slot = 0; slot < importance.size(); ++slot) {
      importance[slot] = queries[slot] > 0 ? mass[slot] / queries[slot] : 0.0F;
    }
  }
};

}  // namespace

std::unique_ptr<Policy> make_age_normalized_policy() {
  return std::make_unique<AgeNormalizedPolicy>();
}

}  // namespace sketchscope
