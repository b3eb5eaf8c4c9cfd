#include "engine/run/control_state.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "engine/decode/degeneracy.hpp"
#include "engine/decode/page_map.hpp"

namespace sketchscope::run {
namespace {

std::vector<std::string> all_warnings(const RunGroup& group) {
  const decode::Lane& lane = group.front().run->lane();
  const decode::Degeneracy found = decode::degeneracy_of(lane);
  std::vector<std::string> all = decode::warnings(found, lane.knobs());
  // A knob that has decided nothing by the time tables turned over is not merely waiting.
  if (found.tables > 0) {
    std::ranges::move(decode::idle_warnings(found, lane.knobs()), std::back_inserter(all));
  }
  for (const WatchedSlot& other : group.others()) {
    std::ranges::move(decode::comparison_warnings(lane, other.run->lane()),
                      std::back_inserter(all));
  }
  return all;
}

/// Names the holders of a slot's pages: its cache, its audit and its twin's cache.
void add_owners(const WatchedSlot& slot, PageHolder first, std::vector<decode::PageOwner>& owners) {
  const int lane = static_cast<int>(first);
  owners.push_back({.lane = &slot.run->lane(), .cache = lane, .audit = lane + 1});
  if (const decode::Lane* twin = slot.run->twin())
    owners.push_back({.lane = twin, .cache = lane + 2, .audit = lane + 2});
}

std::shared_ptr<const std::vector<decode::PoolPages>> pages_of(const RunGroup& group) {
  std::vector<decode::PageOwner> owners;
  add_owners(group.front(), PageHolder::lane, owners);
  if (!group.others().empty()) add_owners(group.others().front(), PageHolder::other_lane, owners);
  return std::make_shared<const std::vector<decode::PoolPages>>(
      decode::page_map(group.front().run->session().pools(), owners));
}

/// Returns what a state tells of any slot, whether in front or compared.
LiveState state_of(const ControlParts& parts, const WatchedSlot& slot) {
  return {.phase = RunPhase::paused,
          .place = slot.place,
          .run = parts.group.number(),
          .steps = slot.run ? slot.run->steps() : 0,
          .applied = slot.run ? slot.run->lane().knobs() : slot.wanted,
          .wanted = slot.wanted,
          .applied_at = slot.applied_at,
          .twin = parts.options.twin,
          .audit = parts.options.audit,
          .start_token = parts.options.start_token,
          .speed = parts.pacing.tokens_per_second(),
          .text_tokens = parts.text_tokens,
          .step_traces = slot.trail.steps()};
}

}  // namespace

LiveState live_state_of(const ControlParts& parts) {
  const WatchedSlot& front = parts.group.front();
  LiveState state = state_of(parts, front);
  state.phase = parts.phase;
  state.until = parts.pacing.until();
  state.stopped = parts.pacing.stopped();
  state.other_tokens = parts.group.tokens();
  state.past = parts.lookup.past();
  state.trace = parts.lookup.trace();
  state.cost = parts.lookup.cost();
  state.attention = parts.attention.rows();
  state.shows_sketches = parts.lookup.shows_sketches();
  state.runs_apart = parts.group.runs_apart();
  state.machine = parts.machine;
  if (!parts.group.started()) return state;
  state.layers = layer_states(front.run->lane(), front.run->twin());
  state.pages = pages_of(parts.group);
  state.warnings = all_warnings(parts.group);
  state.next_token = front.run->next_token().value_or(-1);
  for (const WatchedSlot& other : parts.group.others()) {
    LiveState beside = state_of(parts, other);
    if (state.shows_sketches && other.place == kPlaceOfB)
      beside.layers = sketch_states(other.run->lane());
    state.others.push_back(std::make_shared<const LiveState>(std::move(beside)));
  }
  state.branching = parts.branching;
  return state;
}

}  // namespace sketchscope::run
