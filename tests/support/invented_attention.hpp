#pragma once

#include <cstdint>
#include <memory>

#include "engine/core/random.hpp"
#include "engine/run/attention_trail.hpp"

namespace sketchscope::test {

/// Returns the attention of a step of these layers and heads, of codes drawn from `random`.
inline std::shared_ptr<const run::AttentionRow> invented_attention(std::int64_t step, int positions,
                                                                   core::SplitMix64& random,
                                                                   bool twin = true, int layers = 2,
                                                                   int heads = 3) {
  auto row = std::make_shared<run::AttentionRow>(
      run::AttentionRow{.step = step, .layers = layers, .heads = heads, .positions = positions});
  for (int i = 0; i < row->layers * row->heads * positions; ++i) {
    row->lane.push_back(static_cast<std::uint8_t>(random.below(256)));
    if (twin) row->twin.push_back(static_cast<std::uint8_t>(1 + random.below(255)));
  }
  return row;
}

}  // namespace sketchscope::test
