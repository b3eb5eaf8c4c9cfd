#pragma once

#include <optional>
#include <span>
#include <vector>

namespace sketchscope {

/// What may not be evicted (design section 3, rule 4).
struct Protection {
  int sinks = 0;
  int recent = 0;  ///< how many of the highest stored positions are protected
};

/// The slot that leaves, and how close the decision was.
struct Victim {
  int slot = 0;
  float score = 0;
  int candidates = 0;                ///< unprotected slots there were to choose from
  std::optional<float> margin;       ///< score of the next candidate minus this one's
  std::optional<int> next_position;  ///< the next candidate
  bool degenerate = false;           ///< all were protected: the lowest non-sink position went
};

/// The lowest of the `recent` highest positions; above every position when there are none.
int first_recent_position(std::span<const int> positions, int recent);

/// Lowest score among the unprotected; ties: the lowest position. `positions` and `importance` (S).
/// Throws Error if nothing but sinks is stored.
Victim choose_victim(std::span<const int> positions, std::span<const float> importance,
                     const Protection& protection);

/// The victims that bring a table of S slots to `capacity` in one selection, in the order in which
/// they leave.
std::vector<Victim> choose_victims(std::span<const int> positions,
                                   std::span<const float> importance, const Protection& protection,
                                   int capacity);

}  // namespace sketchscope
