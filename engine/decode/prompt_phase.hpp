#pragma once

#include <span>

#include "engine/decode/read_phase.hpp"

namespace sketchscope {

/// How a lane takes over a prompt that ran through a layer in one pass (docs/cache.md, Prefill):
/// every token is stored, the masses of all queries count as one step, and each table is pruned to
/// its capacity.

/// A token of the prompt, key and value (K, D): always stored, pruning comes after.
void store_prompt_token(LaneState& lane, int layer, const SlotTable::Entry& entry);

/// Whether each query of a prompt has to be read by itself, since sums of mass do not tell enough.
[[nodiscard]] bool reads_prompt_rows(const LaneState& lane);
/// Statistics gain what one query attended to once it and all before it are stored.
void update_from_prompt_row(LaneState& lane, const LayerAttention& attention,
                            LaneWorkspace& workspace);

/// The masses of a whole prompt, summed over its queries.
struct PromptMass {
  std::span<const float> total;  // (H, N)
  std::span<const float> last;   // (H, N), under the last query alone
};
void update_from_prompt(LaneState& lane, int layer, const PromptMass& mass,
                        LaneWorkspace& workspace);

/// Brings the tables to capacity in one selection each; the sinks and the recent window, the last
/// token of the prompt in it, are protected.
void prune_prompt(LaneState& lane, int layer, LaneWorkspace& workspace);

}  // namespace sketchscope
