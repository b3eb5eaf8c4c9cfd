#include <algorithm>

#include "engine/core/random.hpp"
#include "engine/policy/policies.hpp"

namespace sketchscope {
namespace {

/// A control: every position of a layer has its own fixed random worth, so that a run replays.
class RandomPolicy final : public Policy {
 public:
  void score(const ScoreInput& input, std::span<float> importance) const override {
    const std::uint64_t of_layer =
        mixed(mixed(input.seed) + static_cast<std::uint64_t>(input.layer));
    std::ranges::transform(input.stored_positions, importance.begin(), [&](int position) {
      // 24 bits are what a float holds: uniform in [0, 1).
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
