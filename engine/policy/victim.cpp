#include "engine/policy/victim.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "engine/core/error.hpp"
#include "kernels/eviction.hpp"

namespace sketchscope::policy {
namespace {

// A slot that may leave, with the keys of its order.
struct Candidate {
  float score = 0;
  int position = 0;
  int slot = -1;
};

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
                        int sinks) {
  Victim victim{.slot = -1, .degenerate = true};
  for (std::size_t slot = 0; slot < positions.size(); ++slot) {
    if (positions[slot] < sinks) continue;
    if (victim.slot >= 0 && positions[slot] > positions[static_cast<std::size_t>(victim.slot)])
      continue;
    victim.slot = static_cast<int>(slot);
    victim.score = importance[slot];
  }
  if (victim.slot >= 0) return victim;
  throw core::Error(
      {.what = "victim among " + std::to_string(positions.size()) + " stored positions",
       .found = std::to_string(sinks) + " sinks",
       .expected = "a capacity above the number of sinks"});
}

}  // namespace

Victim choose_victim(std::span<const int> positions, std::span<const float> importance,
                     const Protection& protection) {
  if (positions.empty()) {
    throw core::Error(
        {.what = "victim", .found = "an empty table", .expected = "a stored position"});
  }
  check_sizes(positions, importance);
  const kernels::LowestSlots lowest = kernels::lowest_slots(
      positions, importance,
      {.first = protection.sinks, .end = first_recent_position(positions, protection.recent)});
  if (lowest.candidates == 0) return lowest_protected(positions, importance, protection.sinks);
  const float score = importance[static_cast<std::size_t>(lowest.lowest)];
  Victim victim{.slot = lowest.lowest, .score = score, .candidates = lowest.candidates};
  if (lowest.next >= 0) {
    victim.margin = importance[static_cast<std::size_t>(lowest.next)] - score;
    victim.next_position = positions[static_cast<std::size_t>(lowest.next)];
  }
  return victim;
}

std::vector<Victim> choose_victims(std::span<const int> positions,
                                   std::span<const float> importance, const Protection& protection,
                                   int capacity) {
  check_sizes(positions, importance);
  const auto surplus = static_cast<int>(positions.size()) - std::max(capacity, 0);
  if (surplus <= 0) return {};

  const int first_recent = first_recent_position(positions, protection.recent);
  std::vector<Candidate> free;
  std::vector<Candidate> recent;
  for (std::size_t slot = 0; slot < positions.size(); ++slot) {
    if (positions[slot] < protection.sinks) continue;
    (positions[slot] < first_recent ? free : recent)
        .push_back({importance[slot], positions[slot], static_cast<int>(slot)});
  }
  const auto candidates = static_cast<int>(free.size());
  if (surplus > candidates + static_cast<int>(recent.size())) {
    throw core::Error({.what = "victims for a capacity of " + std::to_string(capacity),
                       .found = std::to_string(protection.sinks) + " sinks",
                       .expected = "a capacity above the number of sinks"});
  }

  std::vector<Victim> victims;
  victims.reserve(static_cast<std::size_t>(surplus));
  // One candidate beyond the victims is sorted too: it gives the margin of the last victim.
  std::ranges::partial_sort(free, free.begin() + std::min(surplus + 1, candidates), leaves_before);
  for (int index = 0; index < std::min(surplus, candidates); ++index) {
    const Candidate& leaving = free[static_cast<std::size_t>(index)];
    Victim victim{.slot = leaving.slot, .score = leaving.score, .candidates = candidates - index};
    if (index + 1 < candidates) {
      const Candidate& next = free[static_cast<std::size_t>(index + 1)];
      victim.margin = next.score - leaving.score;
      victim.next_position = next.position;
    }
    victims.push_back(victim);
  }

  // The slots that are left are protected: the lowest positions that are not sinks leave as
  // degenerate evictions.
  std::ranges::sort(recent, {}, &Candidate::position);
  for (auto leaving = recent.begin(); static_cast<int>(victims.size()) < surplus; ++leaving) {
    victims.push_back({.slot = leaving->slot, .score = leaving->score, .degenerate = true});
  }
  return victims;
}

}  // namespace sketchscope::policy
