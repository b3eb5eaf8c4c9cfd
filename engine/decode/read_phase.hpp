#pragma once

#include <span>
#include <vector>

#include "engine/cache/layer_audit.hpp"
#include "engine/decode/store_phase.hpp"

namespace sketchscope {

/// Second phase of a layer's step: slots are selected, the query attends to them, and the summary
/// of what was evicted joins the result. Spans point into the lane's workspace.

/// Which slots a query attends to.
struct SlotSelection {
  int layer = 0;
  std::span<const std::vector<int>> slots;  ///< by table, ascending; an empty one: all stored
};

/// The slots that the lane's read takes, the incoming one among them: it belongs to the recent
/// window, and its score ranks with the others.
[[nodiscard]] SlotSelection select_slots(const LaneState& lane, const StoredToken& stored,
                                         LaneWorkspace& workspace);

/// The selection of a device, which plans before the incoming key is known: a score that would
/// follow from that key ranks lowest. It is the same before and after the key is stored.
[[nodiscard]] SlotSelection plan_slots(const LaneState& lane, const Placement& placement,
                                       LaneWorkspace& workspace);

/// What one query attended to in one layer, over the slots selected.
struct LayerAttention {
  SlotSelection selection;
  std::span<const float> query;        // (H, D)
  std::span<float> output;             // (H, D)
  std::span<float> mass;               // (H, S): probability of each slot, 0 where not selected
  std::span<const float> log_sum_exp;  // (H), over the slots selected
};

/// One query of a lane, and where its output goes: (H, D) each.
struct LaneQuery {
  std::span<const float> query;
  std::span<float> output;
};

/// The attention of one layer for all lanes of a step: asked for lane by lane, computed together.
class LayerReads {
 public:
  /// Before the first lane of a layer.
  void begin();
  void ask(const LaneState& lane, const StoredToken& stored, const SlotSelection& selection,
           const LaneQuery& query, LaneWorkspace& workspace);
  /// The results in the order in which they were asked for, valid until the next begin().
  [[nodiscard]] std::span<const LayerAttention> run(ThreadPool& pool);

 private:
  AttentionBatch batch_;
  std::vector<LayerAttention> attentions_;
};

/// One query over all that a lane stores of a layer, into the workspace.
LayerAttention attend_to_all(const LaneState& lane, int layer, const LaneQuery& query,
                             LaneWorkspace& workspace);

/// The attention once the tail has its part of it.
struct MergedAttention {
  LayerAttention attention;           ///< output and mass as they are now
  std::span<const float> tail_share;  // (H): of the probability; empty without a summary
};

/// Where the lane's read includes a summary of what was evicted, it takes its share of the
/// probability and adds its mean value to the output.
[[nodiscard]] MergedAttention merge_tail(const LaneState& lane, const LayerAttention& attention,
                                         LaneWorkspace& workspace);

}  // namespace sketchscope
