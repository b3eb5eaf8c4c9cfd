#include <algorithm>
#include <array>
#include <functional>

#include "engine/core/error.hpp"
#include "engine/policy/policies.hpp"

namespace sketchscope {
namespace {

// Slots whose estimates are requested in one call.
constexpr std::size_t kBlock = 256;

/// Keeps the positions with the most accumulated attention as estimated by a sketch.
class SketchPolicy final : public Policy {
 public:
  [[nodiscard]] bool uses_sketch() const override { return true; }

  /// With the key `head-position` a position has one item per head, whose estimates are summed.
  /// Throws Error without a sketch.
  void score(const ScoreInput& input, std::span<float> importance) const override {
    if (input.sketch == nullptr)
      throw Error("the policy `sketch` was asked to score without a sketch");
    std::array<std::uint32_t, kBlock> ids;
    std::array<float, kBlock> estimates;
    std::ranges::fill(importance, 0.0F);
    for (std::size_t first = 0; first < importance.size(); first += kBlock) {
      const auto block = importance.subspan(first, std::min(kBlock, importance.size() - first));
      const auto of_block = std::span(ids).first(block.size());
      for (int row = 0; row < input.items.rows(); ++row) {
        input.items.copy_ids(row, first, of_block);
        input.sketch->estimate_all(of_block, std::span(estimates).first(block.size()));
        std::ranges::transform(block, estimates, block.begin(), std::plus<>());
      }
    }
  }
};

}  // namespace

std::unique_ptr<Policy> make_sketch_policy() {
  return std::make_unique<SketchPolicy>();
}

}  // namespace sketchscope
