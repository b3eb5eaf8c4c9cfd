#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/decode/lane.hpp"
#include "engine/decode/lane_workspace.hpp"
#include "engine/decode/read_phase.hpp"

namespace sketchscope {

/// What a session keeps from step to step so that its passes allocate nothing.
struct StepWorkspace {
  void resize(std::size_t rows);
  [[nodiscard]] std::size_t bytes() const;

  std::vector<LaneWorkspace> lanes;     // (B)
  std::vector<MergedAttention> merged;  // (B), of the layer at hand
  LayerReads reads;
  AttentionBatch shadow;
};

/// The lanes of a step: row b of the pass belongs to lanes[b].
struct StepRows {
  std::span<Lane* const> lanes;      // (B)
  std::span<const InputRow> inputs;  // (B)
  StepWorkspace& workspace;
};

}  // namespace sketchscope
