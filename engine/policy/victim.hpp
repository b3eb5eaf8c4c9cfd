#pragma once

#include <optional>
#include <span>
#include <vector>

namespace sketchscope::policy {

/// The positions that may not be evicted (docs/cache.md, "Protected positions").
struct Protection {
  int sinks = 0;
  int recent = 0;  ///< how many of the highest stored positions are protected
  /// One more position, which leaves only if no other but sinks is left.
  std::optional<int> spared = {};
};

/// The slot to evict, and how close the choice was (docs/cache.md, "Victims").
struct Victim {
  int slot = 0;
  float score = 0;
  int candidates = 0;                ///< number of unprotected slots
  std::optional<float> margin;       ///< score of the next candidate minus `score`
  std::optional<int> next_position;  ///< position of the next candidate
  bool degenerate = false;           ///< all were protected: the lowest non-sink position leaves
};

/// Returns the lowest of the `recent` highest positions; 0 if at most `recent` are stored, and a
/// number above every position if `recent` is 0.
int first_recent_position(std::span<const int> positions, int recent);

/// Chooses the unprotected slot of lowest score, of equal scores that of the lowest position.
/// `positions` and `importance` are (S). Throws Error if nothing but sinks is stored.
Victim choose_victim(std::span<const int> positions, std::span<const float> importance,
                     const Protection& protection);

/// The memory of a selection of several victims, kept so that later ones allocate nothing.
struct VictimRoom {
  // A slot that may leave, with the keys of its order.
  struct Candidate {
    float score = 0;
    int position = 0;
    int slot = -1;
  };
  /// Takes the memory for a table of `slots` slots.
  void reserve(std::size_t slots);
  [[nodiscard]] std::size_t bytes() const;

  std::vector<Candidate> free;    // unprotected
  std::vector<Candidate> recent;  // protected, but no sinks
  std::vector<Victim> victims;
};

/// Chooses the `count` slots that leave at once for an incoming token, or as many as are
/// unprotected, but at least one, in the order of their scores. `room` holds the result until its
/// next use. Throws Error if nothing but sinks is stored.
std::span<const Victim> choose_batch(std::span<const int> positions,
                                     std::span<const float> importance,
                                     const Protection& protection, int count, VictimRoom& room);

/// Chooses in one selection the victims that bring a table of S slots down to `capacity`, in the
/// order in which they leave. Throws Error if the sinks alone exceed it.
std::vector<Victim> choose_victims(std::span<const int> positions,
                                   std::span<const float> importance, const Protection& protection,
                                   int capacity);

}  // namespace sketchscope::policy
