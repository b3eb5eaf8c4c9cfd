#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/eviction.hpp"

namespace sketchscope {

struct LaneState;

/// Buffers that one lane needs while a layer runs: one per row of a step, shared by all layers. The
/// values that its phases return point into them.
struct LaneWorkspace {
  [[nodiscard]] std::size_t bytes() const;

  std::vector<float> mass;                   // (H, S)
  std::vector<float> log_sum_exp;            // (H), over the slots read
  std::vector<std::vector<int>> read_slots;  // by table; an empty one: all that are stored
  std::vector<float> tail_share;             // (H), of the probability
  std::vector<float> tail_mean;              // (D)
  std::vector<float> slot_mass;              // (S), summed over the query heads of a table
  std::vector<float> perturbation;           // (S), likewise
  std::vector<float> importance;             // (S)
  std::vector<SketchItem> items;
  std::vector<std::uint32_t> ids;       // of stored items, each once
  std::vector<float> estimates;         // of these
  std::vector<double> historic_shares;  // of the evicted, by row of items
  std::vector<float> key;               // (heads of a table, D) of a victim
  std::vector<float> value;             // (heads of a table, D) of a slot
  double policy_ms = 0;  // that this row's own policy, statistics and sketch took in a step
};

/// Takes the memory that the next step's token asks for, so that the step itself takes none: pages,
/// slots, workspace. Returns how many free pages the step may want besides.
std::size_t reserve_for_step(LaneState& lane, LaneWorkspace& workspace);
/// Makes that many pages ready in the pool that the lane stores in.
void reserve_pages(const LaneState& lane, std::size_t pages);

}  // namespace sketchscope
