#pragma once

#include <optional>
#include <vector>

#include "engine/decode/session.hpp"

namespace sketchscope {

/// A lane and, optionally, its twin: a full-cache lane that is fed the same tokens.
struct LanePair {
  LaneId lane = 0;
  std::optional<LaneId> twin;
};

/// Returns `knobs` changed so that the cache evicts nothing and reads every position exactly.
Knobs full_cache_knobs(Knobs knobs);

/// Adds a lane and, if `with_twin`, a full-cache twin with otherwise equal knobs. The twin is not
/// audited, since it evicts nothing.
LanePair add_pair(Session& session, const LaneOptions& options, bool with_twin);

/// The divergence of a lane's next-token distribution from its twin's.
struct TwinComparison {
  double logit_kl = 0;       ///< KL(twin‖lane), nats
  bool top1_agrees = false;  ///< both have the same most likely token
};
TwinComparison compare_with_twin(const Lane& lane, const Lane& twin);

/// Adjusts the lane's capacity at a step boundary if its target requires it (Lane::hold_target),
/// and returns the changed knobs.
std::vector<KnobChange> hold_target(Session& session, const LanePair& pair);

}  // namespace sketchscope
