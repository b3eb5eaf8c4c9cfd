#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/decode/lane.hpp"

namespace sketchscope::decode {

/// Signs that a policy decided nothing of its own though positions left: what made measurements of
/// sketches worthless before. Counts add up over lanes.
struct Degeneracy {
  bool protection_fills_capacity = false;  ///< sinks and recent window leave no slot to choose
  int tables = 0;                          ///< that lost as many positions as they hold
  int like_window = 0;                     ///< of them, those that hold what `window` would hold
  int layers_apart = 0;                    ///< layers of such tables, one for each head
  int heads_alike = 0;                     ///< of them, those whose heads all hold the same
  std::size_t stored_items = 0;            ///< of the sketch: stored positions, by head where apart
  std::size_t distinct_items = 0;          ///< their distinct ids

  Degeneracy& operator+=(const Degeneracy& other);
};

Degeneracy degeneracy_of(const Lane& lane);

/// What of it a person should know about a run under these knobs, a sentence each.
std::vector<std::string> warnings(const Degeneracy& found, const settings::Knobs& knobs);

/// Share of the positions fed that no head of any layer stores any more; 0 before anything was fed.
double global_eviction_ratio(const Lane& lane);

/// Tables in which two lanes of one model hold the same positions, of those that some position left
/// in either; all of them: the two policies did the same.
struct TablesAlike {
  int alike = 0;
  int compared = 0;
};
TablesAlike tables_alike(const Lane& left, const Lane& right);
/// A sentence where two policies, compared until tables had turned over, hold the same everywhere.
std::vector<std::string> comparison_warnings(const Lane& left, const Lane& right);

}  // namespace sketchscope::decode
