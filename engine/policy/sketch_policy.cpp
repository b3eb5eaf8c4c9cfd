#include "engine/policy/sketch_policy.hpp"

#include "engine/core/error.hpp"

namespace sketchscope {

void SketchPolicy::score(const ScoreInput& input, std::span<float> importance) const {
  if (input.sketch == nullptr)
    throw Error("the policy `sketch` was asked to score without a sketch");
  for (std::size_t slot = 0; slot < importance.size(); ++slot) {
    float sum = 0;
    for (int row = 0; row < input.items.rows(); ++row) {
      sum += input.sketch->estimate(input.items.id(row, slot));
    }
    importance[slot] = sum;
  }
}

}  // namespace sketchscope
