#pragma once

#include <optional>
#include <vector>

#include "engine/decode/session.hpp"

namespace sketchscope {

/// A lane and, where there is one, the twin that was fed the same tokens.
struct LanePair {
  LaneId lane = 0;
  std::optional<LaneId> twin;
};

/// The same knobs for a cache that keeps and reads everything exactly.
Knobs full_cache_knobs(Knobs knobs);

/// Adds a lane and, if wanted, its twin: the full cache under the same knobs, not audited.
LanePair add_pair(Session& session, const LaneOptions& options, bool with_twin);

/// How far a lane's next-token distribution lies from its twin's.
struct TwinComparison {
  double logit_kl = 0;       ///< KL(twin‖lane), nats
  bool top1_agrees = false;  ///< both find the same token likeliest
};
TwinComparison compare_with_twin(const Lane& lane, const Lane& twin);

/// Moves the lane's capacity at a step boundary where its target asks for it (Lane::hold_target).
std::vector<KnobChange> hold_target(Session& session, const LanePair& pair);

}  // namespace sketchscope
