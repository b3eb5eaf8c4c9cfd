#include <algorithm>

#include "engine/policy/policies.hpp"

namespace sketchscope {
namespace {

/// Keeps sinks and the most recent positions (StreamingLLM, arXiv 2309.17453).
class WindowPolicy final : public Policy {
 public:
  [[nodiscard]] bool keeps_latest() const override { return true; }

  void score(const ScoreInput& input, std::span<float> importance) const override {
    std::ranges::transform(input.stored_positions, importance.begin(),
                           [](int position) { return static_cast<float>(position); });
  }
};

}  // namespace

std::unique_ptr<Policy> make_window_policy() {
  return std::make_unique<WindowPolicy>();
}

}  // namespace sketchscope
