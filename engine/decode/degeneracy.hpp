#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/decode/decisions.hpp"
#include "engine/decode/lane.hpp"

namespace sketchscope::decode {

/// Signs that a policy evicted positions without a choice of its own, so that a measurement of its
/// sketch says nothing. Counts add up over lanes.
struct Degeneracy {
  bool protection_fills_capacity = false;  ///< sinks and recent window leave no slot to choose
  int tables = 0;        ///< tables that have lost at least as many positions as they store
  int like_window = 0;   ///< of these, tables that store only sinks and the latest positions
  int layers_apart = 0;  ///< layers with several tables, the first of which is among these
  int heads_alike = 0;   ///< of these, layers whose tables all store the same positions
  std::size_t stored_items = 0;    ///< stored positions, or stored positions of each head
  std::size_t distinct_items = 0;  ///< distinct ids of these in the sketch
  Decisions decided;

  Degeneracy& operator+=(const Degeneracy& other);
};

/// Returns the signs in what a lane stores now; only its decisions where the policy does not evict.
Degeneracy degeneracy_of(const Lane& lane);

/// Returns a sentence for each sign that the user of a run with these knobs should know.
std::vector<std::string> warnings(const Degeneracy& found, const settings::Knobs& knobs);

/// Returns a sentence for each knob that had no effect in finished runs, without repeating what
/// warnings() reports.
std::vector<std::string> idle_warnings(const Degeneracy& found, const settings::Knobs& knobs);

/// Returns the share of the positions fed that no head of any layer stores any more; 0 before any
/// was fed.
double global_eviction_ratio(const Lane& lane);

/// The number of tables in which two lanes of one model hold the same positions, among those from
/// which either lane evicted. If all are alike, the two policies chose the same victims.
struct TablesAlike {
  int alike = 0;
  int compared = 0;
};
TablesAlike tables_alike(const Lane& left, const Lane& right);
/// Returns a sentence if two policies hold the same positions in all tables, although enough was
/// evicted for them to differ.
std::vector<std::string> comparison_warnings(const Lane& left, const Lane& right);

}  // namespace sketchscope::decode
