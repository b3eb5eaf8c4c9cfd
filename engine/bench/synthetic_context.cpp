#include "engine/bench/synthetic_context.hpp"

#include <vector>

#include "engine/decode/cached_attention.hpp"

namespace sketchscope {
namespace {

std::vector<float> noise(std::size_t count, SplitMix64& random) {
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(random.uniform() - 0.5);
  return values;
}

}  // namespace

void fill_synthetic_context(Lane& lane, const ModelConfig& config, int tokens, SplitMix64& random) {
  const auto count = static_cast<std::size_t>(tokens);
  const auto width = static_cast<std::size_t>(config.kv_width());
  std::vector<int> ids(count);
  for (int& id : ids) {
    id = static_cast<int>(random.below(static_cast<std::uint64_t>(config.vocabulary)));
  }
  // All vectors are overlapping windows of one noise sequence, which is much cheaper than drawing
  // each.
  const std::vector<float> values = noise(count + width, random);
  const std::vector<float> mass(static_cast<std::size_t>(config.heads) * count, 1.0F);
  LaneState& state = lane.state();
  LaneWorkspace workspace;
  for (int layer = 0; layer < config.layers; ++layer) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto vector = std::span(values).subspan(i, width);
      store_prompt_token(
          state, layer,
          {.position = static_cast<int>(i), .token = ids[i], .key = vector, .value = vector});
    }
    if (tokens == 0) continue;
    update_from_prompt(state, layer, {.total = mass, .last = mass}, workspace);
    prune_prompt(state, layer, workspace);
  }
  lane.take_evictions();
  lane.finish_pass(ids, std::vector<float>(static_cast<std::size_t>(config.vocabulary)));
}

}  // namespace sketchscope
