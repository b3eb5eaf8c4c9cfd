#include "engine/policy/victim.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/memory.hpp"
#include "kernels/eviction.hpp"

namespace sketchscope::policy {
namespace {

using Candidate = VictimRoom::Candidate;

// NaN would leave the order undefined, so it ranks as the lowest score.
float rank(float score) {
  return std::isnan(score) ? -std::numeric_limits<float>::infinity() : score;
}

bool leaves_before(const Candidate& left, const Candidate& right) {
  const float left_rank = rank(left.score), right_rank = rank(right.score);
  return left_rank < right_rank || (left_rank == right_rank && left.position < right.position);
}

}  // namespace

int first_recent_position(std::span<const int> positions, int recent) {
  if (recent <= 0) return std::numeric_limits<int>::max();
  if (static_cast<std::size_t>(recent) >= positions.size()) return 0;
  // In a table that is filled token by token the highest positions are consecutive, which one pass
  // shows.
  const int consecutive = std::ranges::max(positions) - recent + 1;
  if (std::ranges::count_if(positions, [&](int at) { return at >= consecutive; }) == recent) {
    return consecutive;
  }
  // Otherwise bisection finds the highest position that at least `recent` positions reach.
  int lowest = 0, highest = std::ranges::max(positions);
  while (lowest < highest) {
    const int middle = lowest + (highest - lowest + 1) / 2;
    const auto above = std::ranges::count_if(positions, [&](int at) { return at >= middle; });
    if (above >= recent) {
      lowest = middle;
    } else {
      highest = middle - 1;
    }
  }
  return lowest;
}

namespace {

void check_sizes(std::span<const int> positions, std::span<const float> importance) {
  if (positions.size() == importance.size()) return;
  throw core::Error({.what = "scores to choose a victim from",
                     .found = std::to_string(importance.size()),
                     .expected = "one for each of " + std::to_string(positions.size()) + " slots"});
}

// Returns the lowest position that is not a sink, for a table in which all positions are protected.
Victim lowest_protected(std::span<const int> positions, std::span<const float> importance,
                        const Protection& protection) {
  Victim victim{.slot = -1, .degenerate = true};
  for (std::size_t slot = 0; slot < positions.size(); ++slot) {
    if (positions[slot] < protection.sinks || positions[slot] == protection.spared) continue;
    if (victim.slot >= 0 && positions[slot] > positions[static_cast<std::size_t>(victim.slot)])
      continue;
    victim.slot = static_cast<int>(slot);
    victim.score = importance[slot];
  }
  if (victim.slot >= 0) return victim;
  if (protection.spared) {
    return lowest_protected(positions, importance, {.sinks = protection.sinks});
  }
  throw core::Error(
      {.what = "victim among " + std::to_string(positions.size()) + " stored positions",
       .found = std::to_string(protection.sinks) + " sinks",
       .expected = "a capacity above the number of sinks"});
}

}  // namespace

namespace {

// Divides the slots that are no sinks into those that may leave and those that are protected, of
// which a spared one is the last to leave.
void divide(std::span<const int> positions, std::span<const float> importance,
            const Protection& protection, VictimRoom& room) {
  check_sizes(positions, importance);
  room.free.clear();
  room.recent.clear();
  room.victims.clear();
  const int first_recent = first_recent_position(positions, protection.recent);
  for (std::size_t slot = 0; slot < positions.size(); ++slot) {
    if (positions[slot] < protection.sinks) continue;
    const bool is_protected =
        positions[slot] >= first_recent || positions[slot] == protection.spared;
    (is_protected ? room.recent : room.free)
        .push_back({importance[slot], positions[slot], static_cast<int>(slot)});
  }
}

// Appends the `count` lowest of the unprotected slots, in order, to the victims.
void take_lowest(int count, VictimRoom& room) {
  const auto candidates = static_cast<int>(room.free.size());
  // One candidate beyond the victims is sorted too: it gives the margin of the last victim.
  std::ranges::partial_sort(room.free, room.free.begin() + std::min(count + 1, candidates),
                            leaves_before);
  for (int index = 0; index < std::min(count, candidates); ++index) {
    const Candidate& leaving = room.free[static_cast<std::size_t>(index)];
    Victim victim{.slot = leaving.slot, .score = leaving.score, .candidates = candidates - index};
    if (index + 1 < candidates) {
      const Candidate& next = room.free[static_cast<std::size_t>(index + 1)];
      victim.margin = next.score - leaving.score;
      victim.next_position = next.position;
    }
    room.victims.push_back(victim);
  }
}

// Chooses the victim of a table one of whose positions is spared.
Victim choose_another(std::span<const int> positions, std::span<const float> importance,
                      const Protection& protection) {
  VictimRoom room;
  divide(positions, importance, protection, room);
  take_lowest(1, room);
  if (!room.victims.empty()) return room.victims.front();
  return lowest_protected(positions, importance, protection);
}

}  // namespace

Victim choose_victim(std::span<const int> positions, std::span<const float> importance,
                     const Protection& protection) {
  if (positions.empty()) {
    throw core::Error(
        {.what = "victim", .found = "an empty table", .expected = "a stored position"});
  }
  check_sizes(positions, importance);
  if (protection.spared) return choose_another(positions, importance, protection);
  const kernels::LowestSlots lowest = kernels::lowest_slots(
      positions, importance,
      {.first = protection.sinks, .end = first_recent_position(positions, protection.recent)});
  if (lowest.candidates == 0) return lowest_protected(positions, importance, protection);
  const float score = importance[static_cast<std::size_t>(lowest.lowest)];
  Victim victim{.slot = lowest.lowest, .score = score, .candidates = lowest.candidates};
  if (lowest.next >= 0) {
    victim.margin = importance[static_cast<std::size_t>(lowest.next)] - score;
    victim.next_position = positions[static_cast<std::size_t>(lowest.next)];
  }
  return victim;
}

void VictimRoom::reserve(std::size_t slots) {
  core::reserve_ahead(free, slots);
  core::reserve_ahead(recent, slots);
  core::reserve_ahead(victims, slots);
}

std::size_t VictimRoom::bytes() const {
  return (free.capacity() + recent.capacity()) * sizeof(Candidate) +
         victims.capacity() * sizeof(Victim);
}

std::span<const Victim> choose_batch(std::span<const int> positions,
                                     std::span<const float> importance,
                                     const Protection& protection, int count, VictimRoom& room) {
  if (count > 1) {
    divide(positions, importance, protection, room);
    take_lowest(count, room);
    if (!room.victims.empty()) return room.victims;
  }
  room.victims.assign(1, choose_victim(positions, importance, protection));
  return room.victims;
}

std::vector<Victim> choose_victims(std::span<const int> positions,
                                   std::span<const float> importance, const Protection& protection,
                                   int capacity) {
  check_sizes(positions, importance);
  const auto surplus = static_cast<int>(positions.size()) - std::max(capacity, 0);
  if (surplus <= 0) return {};

  VictimRoom room;
  divide(positions, importance, protection, room);
  if (surplus > static_cast<int>(room.free.size() + room.recent.size())) {
    throw core::Error({.what = "victims for a capacity of " + std::to_string(capacity),
                       .found = std::to_string(protection.sinks) + " sinks",
                       .expected = "a capacity above the number of sinks"});
  }
  take_lowest(surplus, room);
  // The slots that are left are protected: the lowest positions that are not sinks leave as
  // degenerate evictions.
  std::ranges::sort(room.recent, {}, [&](const Candidate& one) {
    return std::pair(one.position == protection.spared, one.position);
  });
  for (auto leaving = room.recent.begin(); static_cast<int>(room.victims.size()) < surplus;
       ++leaving) {
    room.victims.push_back({.slot = leaving->slot, .score = leaving->score, .degenerate = true});
  }
  return std::move(room.victims);
}

}  // namespace sketchscope::policy
