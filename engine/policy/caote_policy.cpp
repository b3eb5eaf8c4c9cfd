#include <algorithm>

#include "engine/policy/policies.hpp"

namespace sketchscope {
namespace {

/// Keeps the positions whose removal, each alone, would have changed the output most, summed over
/// all queries so far (CAOTE, arXiv 2504.14051).
class CaotePolicy final : public Policy {
 public:
  [[nodiscard]] StatisticSet needs() const override { return {Statistic::output_perturbation}; }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    std::ranges::copy(input.statistics.values(Statistic::output_perturbation), importance.begin());
  }
};

}  // namespace

std::unique_ptr<Policy> make_caote_policy() {
  return std::make_unique<CaotePolicy>();
}

}  // namespace sketchscope
