#include <algorithm>
#include <functional>

#include "engine/policy/policies.hpp"

namespace sketchscope {
namespace {

/// Keeps the keys of smallest norm, which tend to draw the most attention in trained models (Devoto
/// and others, arXiv 2406.11430). It needs no attention weights.
class KeyNormPolicy final : public Policy {
 public:
  [[nodiscard]] StatisticSet needs() const override { return {Statistic::key_norm}; }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    std::ranges::transform(input.statistics.values(Statistic::key_norm), importance.begin(),
                           std::negate<>());
  }
};

}  // namespace

std::unique_ptr<Policy> make_key_norm_policy() {
  return std::make_unique<KeyNormPolicy>();
}

}  // namespace sketchscope
