#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/cache/layer_audit.hpp"
#include "engine/decode/lane_state.hpp"
#include "engine/model/input_row.hpp"

// The phases of a layer's step in their order: store, read, update (docs/cache.md, "A step"). Each
// returns the value that the next one asks for; spans in these values point into the lane's
// workspace.

namespace sketchscope::decode {

// Before the step (store_phase.cpp).

/// Takes the memory that the next step's token asks for, so that the step itself takes none: slots
/// and workspace. Returns how many free pages the step may want besides.
std::size_t reserve_for_step(LaneState& lane, LaneWorkspace& workspace);
/// Makes that many pages ready in the pool that the lane stores in.
void reserve_pages(const LaneState& lane, std::size_t pages);

// Store (store_phase.cpp): the incoming token comes into every table of the layer.

/// The token has its slot (CacheTable::newest_slot); its key and value are still to come.
struct Placement {
  int layer = 0;
};

/// Key and value are stored too.
struct StoredToken {
  int layer = 0;
};

/// Takes a free slot of each table or, where it is full, that of a victim chosen by the scores as
/// the previous step left them.
[[nodiscard]] Placement place_token(LaneState& lane, int layer, const model::InputRow& row,
                                    LaneWorkspace& workspace);

/// What the incoming token adds to the layer, for all heads: (K, D) each.
struct KeyValue {
  std::span<const float> key;
  std::span<const float> value;
  std::span<const float> audited_key = {};  ///< as full attention has it; empty: `key`
};
StoredToken store_token(LaneState& lane, const Placement& placement, const KeyValue& incoming);

/// Tells the audit of a new slot's exact key and value, and the policy and the sketch of its key.
/// `audited_key` is the key as full attention has it.
void note_entry(const LaneState& lane, CacheTable& table, const cache::SlotTable::Entry& entry,
                std::span<const float> audited_key);

/// Brings the tables of a layer to their capacity in one selection each, and moves what stays to
/// fresh pages in order of position. The newest position is stored by then.
struct Surplus {
  policy::Protection protection;
  record::EvictionReason reason = record::EvictionReason::capacity_lowered;
};
void evict_surplus(LaneState& lane, int layer, const Surplus& surplus, LaneWorkspace& workspace);
/// Evicts the surplus in all layers.
void evict_surplus(LaneState& lane, const Surplus& surplus);

// Read (read_phase.cpp): slots are selected, the query attends to them, and the summary of what was
// evicted joins the result.

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
  std::span<const float> query;        // (H, D), as full attention has it
  std::span<float> output;             // (H, D)
  std::span<float> mass;               // (H, S): probability of each slot, 0 where not selected
  std::span<const float> log_sum_exp;  // (H), over the slots selected
};

/// One query of a lane, and where its output goes: (H, D) each. Where the lane stores keys
/// unturned, the query is unturned too.
struct LaneQuery {
  std::span<const float> query;
  std::span<float> output;
  std::span<const float> audited_query = {};  ///< as full attention has it; empty: `query`
};

/// The attention of one layer for all lanes of a step: asked for lane by lane, computed together.
class LayerReads {
 public:
  /// Before the first lane of a layer.
  void begin();
  void ask(const LaneState& lane, const StoredToken& stored, const SlotSelection& selection,
           const LaneQuery& query, LaneWorkspace& workspace);
  /// The results in the order in which they were asked for, valid until the next begin().
  [[nodiscard]] std::span<const LayerAttention> run(kernels::ThreadPool& pool);

 private:
  cache::AttentionBatch batch_;
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

// Update (update_phase.cpp): what was counted gains what one query attended to.

/// Updates statistics, sketch, exact counters and the layer's need of slots.
void update_lane(LaneState& lane, const MergedAttention& merged, LaneWorkspace& workspace);

/// The part of update_lane() for the sketch and the audit's exact counters: they gain this mass as
/// one batch.
void count_mass(LaneState& lane, int layer, const cache::MassView& mass, LaneWorkspace& workspace);
/// The part of update_lane() for a policy that asks for it: each slot gains the perturbation of the
/// output (H, D) that its loss would have been.
void add_perturbation(const LaneState& lane, CacheTable& table, const LayerAttention& attention,
                      float decay, LaneWorkspace& workspace);

/// At the end of a pass: shares the slots out anew where budgets adapt and it is worth it.
void move_budgets(LaneState& lane);
/// The capacity that the knobs' target asks for after the last step, if it asks for another.
/// `logit_kl` is that step's, for the target logit-kl.
std::optional<settings::CapacityTarget::Decision> capacity_for_target(
    LaneState& lane, std::optional<double> logit_kl);

}  // namespace sketchscope::decode
