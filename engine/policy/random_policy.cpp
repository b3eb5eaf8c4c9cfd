#include <algorithm>

#include "engine/core/random.hpp"
#include "engine/policy/policies.hpp"

namespace sketchscope {
namespace {

/// Scores every position of a layer by a fixed random number, as a control for experiments whose
/// runs still replay.
class RandomPolicy final : public Policy {
 public:
  void score(const ScoreInput& input, std::span<float> importance) const override {
    const std::uint64_t of_layer =
        mixed(mixed(input.seed) + static_cast<std::uint64_t>(input.layer));
    std::ranges::transform(input.stored_positions, importance.begin(), [&](int position) {
      // A float holds 24 bits, so the score is uniform in [0, 1).
      const std::uint64_t bits = mixed(of_layer + static_cast<std::uint64_t>(position)) >> 40;
      return static_cast<float>(bits) * 0x1.0p-24F;
    });
  }

 private:
  static std::uint64_t mixed(std::uint64_t value) { return SplitMix64(value).next(); }
};

}  // namespace

std::unique_ptr<Policy> make_random_policy() {
  return std::make_unique<RandomPolicy>();
}

}  // namespace sketchscope
