#include "engine/policy/sketch_policy.hpp"

#include "engine/core/error.hpp"

namespace sketchscope {

void SketchPolicy::score(const ScoreInput& input, std::span<float> importance) const {
  if (input.sketch == nullptr)
    throw Error("the policy `sketch` was asked to score without a sketch");
  const int heads = input.sketch_key == SketchKey::head_position ? input.heads : 1;
  for (std::size_t slot = 0; slot < importance.size(); ++slot) {
    float sum = 0;
    for (int head = 0; head < heads; ++head) {
      sum += input.sketch->estimate(
          item_id(input.sketch_key, {.position = input.stored_positions[slot],
                                     .token = input.stored_tokens[slot],
                                     .head = head,
                                     .positions = input.positions}));
    }
    importance[slot] = sum;
  }
}

}  // namespace sketchscope
