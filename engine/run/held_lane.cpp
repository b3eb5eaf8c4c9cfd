#include "engine/run/held_lane.hpp"

#include <algorithm>
#include <vector>

#include "engine/settings/knobs.hpp"

namespace sketchscope::run {
namespace {

/// Returns whether two full caches under these knobs hold the same after the same tokens. Nobody
/// draws a token from them.
bool same_cache(const settings::Knobs& one, const settings::Knobs& other) {
  return std::ranges::all_of(settings::knob_table(), [&](const settings::KnobInfo& knob) {
    const bool of_cache =
        knob.group == settings::KnobGroup::cache || knob.group == settings::KnobGroup::sketch;
    return !of_cache || !knob.has_effect(one) ||
           settings::knob_text(one, knob) == settings::knob_text(other, knob);
  });
}

bool same_after_pass(const TwinFeed& one, const TwinFeed& other) {
  if (one.first_pass != other.first_pass || one.keeps_attention != other.keeps_attention ||
      !std::ranges::equal(one.tokens, other.tokens)) {
    return false;
  }
  if (*one.twin == *other.twin) return true;
  const decode::Lane& lane = (*one.twin)->lane();
  const decode::Lane& beside = (*other.twin)->lane();
  return std::ranges::equal(lane.tokens(), beside.tokens()) &&
         same_cache(lane.knobs(), beside.knobs());
}

/// Returns the twin of one of the runs that no other run holds; a fork if there is none.
std::shared_ptr<HeldLane> own_twin(std::span<const TwinFeed* const> runs) {
  for (const TwinFeed* run : runs) {
    const auto holders =
        std::ranges::count_if(runs, [&](const auto* other) { return *other->twin == *run->twin; });
    if ((*run->twin).use_count() == holders) return *run->twin;
  }
  return (*runs.front()->twin)->fork();
}

}  // namespace

void share_twins(std::span<const TwinFeed> feeds) {
  std::vector<std::vector<const TwinFeed*>> groups;
  for (const TwinFeed& feed : feeds) {
    if (!*feed.twin) continue;
    const auto same = std::ranges::find_if(
        groups, [&](const auto& group) { return same_after_pass(*group.front(), feed); });
    if (same == groups.end()) {
      groups.push_back({&feed});
    } else {
      same->push_back(&feed);
    }
  }
  for (const auto& group : groups) {
    const std::shared_ptr<HeldLane> twin = own_twin(group);
    for (const TwinFeed* run : group) *run->twin = twin;
  }
}

}  // namespace sketchscope::run
