#include "engine/schedule/lane_pair.hpp"

#include <algorithm>
#include <utility>

#include "kernels/distribution.hpp"

namespace sketchscope {

Knobs full_cache_knobs(Knobs knobs) {
  knobs.policy = "full";
  knobs.read = "full";
  knobs.kv = KvFormat::f32;
  knobs.target = TargetKind::none;
  return knobs;
}

LanePair add_pair(Session& session, const LaneOptions& options, bool with_twin) {
  LaneOptions own = options;
  own.has_twin = with_twin;
  LanePair pair{.lane = session.add_lane(std::move(own))};
  if (with_twin) {
    pair.twin = session.add_lane(
        {.knobs = full_cache_knobs(options.knobs), .keep_attention = options.keep_attention});
  }
  return pair;
}

TwinComparison compare_with_twin(const Lane& lane, const Lane& twin) {
  const auto top = std::ranges::max_element(lane.logits()) - lane.logits().begin();
  return {.logit_kl = std::max(0.0, logit_kl(twin.logits(), lane.logits())),
          .top1_agrees = rank_of(twin.logits(), static_cast<int>(top)) == 0};
}

std::vector<KnobChange> hold_target(Session& session, const LanePair& pair) {
  Lane& lane = session.lane(pair.lane);
  std::optional<double> kl;
  if (pair.twin && lane.knobs().target == TargetKind::logit_kl && !lane.logits().empty()) {
    kl = compare_with_twin(lane, session.lane(*pair.twin)).logit_kl;
  }
  return lane.hold_target(kl);
}

}  // namespace sketchscope
