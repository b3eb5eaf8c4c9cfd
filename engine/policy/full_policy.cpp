#include <algorithm>

#include "engine/policy/policies.hpp"

namespace sketchscope {
namespace {

/// Never evicts; every position has the score 0.
class FullPolicy final : public Policy {
 public:
  [[nodiscard]] bool evicts() const override { return false; }

  void score(const ScoreInput&, std::span<float> importance) const override {
    std::ranges::fill(importance, 0.0F);
  }
};

}  // namespace

std::unique_ptr<Policy> make_full_policy() {
  return std::make_unique<FullPolicy>();
}

}  // namespace sketchscope
