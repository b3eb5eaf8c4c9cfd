#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/cache/layer_audit.hpp"
#include "engine/decode/lane_state.hpp"
#include "engine/model/input_row.hpp"

// These are the phases of a layer's step in their order: store, read, update (docs/cache.md, "A
// step"). Each returns the value that the next one takes, so that none can be left out; spans in
// these values point into the lane's workspace.

namespace sketchscope::decode {

// Memory is allocated before the step (reserve_phase.cpp).

/// Allocates the slots and the workspace that the next step's token needs, so that the step itself
/// allocates nothing. Returns how many free pages the step may take; reserve_pages() provides them.
std::size_t reserve_for_step(LaneState& lane, LaneWorkspace& workspace);
/// Makes `pages` free pages available in the pool that the lane stores in.
void reserve_pages(const LaneState& lane, std::size_t pages);
/// Takes the memory in which what a table stored is compared with what it was given.
void reserve_to_compare(const LaneState& lane, CacheTable& table);

// The store phase (store_phase.cpp) puts the incoming token into every table of the layer.

/// Stands for an incoming token that has its slot (CacheTable::newest_slot), but no key and value
/// yet.
struct Placement {
  int layer = 0;
};

/// Stands for an incoming token whose key and value are stored.
struct StoredToken {
  int layer = 0;
};

/// Takes a free slot of each table or, where it is full, that of a victim chosen by the scores as
/// the previous step left them; of `evict_batch` victims all leave, and the token takes one slot.
[[nodiscard]] Placement place_token(LaneState& lane, int layer, const model::InputRow& row,
                                    LaneWorkspace& workspace);

/// The incoming token's key and value of all heads, (K, D) each.
struct KeyValue {
  std::span<const float> key;
  std::span<const float> value;
  std::span<const float> audited_key = {};  ///< as full attention has it; empty: `key`
};
/// Writes key and value into the slot that each table has taken for the token, and notes them there
/// (note_entry()).
StoredToken store_token(LaneState& lane, const Placement& placement, const KeyValue& incoming,
                        const LaneWorkspace& workspace);

/// Passes a new slot's exact key and value to the audit, and computes what policy and sketch keep
/// of the key. `audited_key` is the key as full attention has it.
void note_entry(const LaneState& lane, CacheTable& table, const cache::SlotTable::Entry& entry,
                std::span<const float> audited_key);

/// Cuts the tables of a layer to their capacity in one selection each, and moves the remaining
/// slots to fresh pages in order of position. With the reason `prompt_cut`, the incoming token is
/// already stored as the newest position and is protected; with other reasons it is not stored yet,
/// and one protected place is left for it.
void evict_surplus(LaneState& lane, int layer, record::EvictionReason reason,
                   LaneWorkspace& workspace);
/// Cuts the tables of all layers.
void evict_surplus(LaneState& lane, record::EvictionReason reason);

// In the read phase (read_phase.cpp) slots are selected, the query attends to them, and the summary
// of evicted positions is merged into the result.

/// The slots that a query attends to.
struct SlotSelection {
  int layer = 0;
  std::span<const std::vector<int>> slots;  ///< by table, ascending; empty means all slots
  bool by_query_head = false;               ///< whether `slots` lists them by query head instead
};

/// Selects the slots that the lane's read takes. The incoming one is among them, since it belongs
/// to the recent window; its score is ranked like the others. `query` (H, D) is that of the pass.
[[nodiscard]] SlotSelection select_slots(const LaneState& lane, const StoredToken& stored,
                                         std::span<const float> query, LaneWorkspace& workspace);

/// Selects slots for a GPU, whose steps are planned before the incoming key is known: a score that
/// would depend on that key ranks lowest. The selection is the same before and after the key is
/// stored.
[[nodiscard]] SlotSelection plan_slots(const LaneState& lane, const Placement& placement,
                                       LaneWorkspace& workspace);

/// The attention of one query in one layer over the selected slots.
struct LayerAttention {
  SlotSelection selection;
  std::span<const float> own_query;  // (H, D), unrotated where the lane stores keys like that
  std::span<const float> query;      // (H, D), as full attention uses it
  std::span<float> output;           // (H, D)
  std::span<float> mass;  // probability of each slot as LayerCache keeps it, 0 where not selected
  std::span<const float> log_sum_exp;  // (H), over the selected slots
};

/// One query of a lane and the memory for its output, (H, D) each. Where the lane stores keys
/// unrotated, the query is unrotated too.
struct LaneQuery {
  std::span<const float> query;
  std::span<float> output;
  std::span<const float> audited_query = {};  ///< as full attention has it; empty: `query`
};

/// Collects the queries of all lanes of a step in one layer and computes their attention together,
/// so that threads have enough work and shared pages are read once.
class LayerReads {
 public:
  /// Must be called before the first lane of each layer.
  void begin();
  void ask(const LaneState& lane, const StoredToken& stored, const SlotSelection& selection,
           const LaneQuery& query, LaneWorkspace& workspace);
  /// Returns the work of the queries that were passed to ask().
  [[nodiscard]] trace::Work work() const { return batch_.work(); }
  /// Returns the results in the order of the calls to ask(), valid until the next begin().
  [[nodiscard]] std::span<const LayerAttention> run(kernels::ThreadPool& pool);

 private:
  cache::AttentionBatch batch_;
  std::vector<LayerAttention> attentions_;
};

/// Computes the attention of one query over all slots of a layer; the result lies in the workspace.
LayerAttention attend_to_all(const LaneState& lane, int layer, const LaneQuery& query,
                             LaneWorkspace& workspace);

/// Attention into which the summary of evicted positions has been merged.
struct MergedAttention {
  LayerAttention attention;           ///< output and mass after the merge
  std::span<const float> tail_share;  // (H), share of the probability; empty without a summary
};

/// Merges the summary of evicted positions into the attention if the lane's read includes one: it
/// takes its share of the probability and adds its mean value to the output.
[[nodiscard]] MergedAttention merge_tail(const LaneState& lane, const LayerAttention& attention,
                                         LaneWorkspace& workspace);

// The update phase (update_phase.cpp) adds the attention of one query to what the lane counts.

/// Updates the statistics, the sketch, the exact counters and the layer's need of slots.
void update_lane(LaneState& lane, const MergedAttention& merged, LaneWorkspace& workspace);

/// Adds mass, as LayerCache keeps it, to the sketch and to the audit's exact counters as one batch,
/// as a part of update_lane().
void count_mass(LaneState& lane, int layer, std::span<const float> mass, LaneWorkspace& workspace);
/// Adds to each slot of a table, which gained `mass`, the change of the output (H, D) that its
/// eviction would have caused, as a part of update_lane() for policies that need it.
void add_perturbation(const LaneState& lane, CacheTable& table, const cache::MassView& mass,
                      std::span<const float> output, float decay, LaneWorkspace& workspace);

/// Adds a query (H, D) of the token at `position` to the mean and covariance of each head's
/// queries, as a part of update_lane(). The query is rotated unless the lane stores keys unrotated.
/// Queries of sinks are ignored.
void note_query(LaneState& lane, int layer, std::span<const float> query, int position,
                LaneWorkspace& workspace);

/// Divides the slots among the layers anew if the budgets are adaptive and enough would change. It
/// is called at the end of a pass.
void move_budgets(LaneState& lane);
/// Returns the capacity that the knobs' target asks for after the last step, if it asks for
/// another. The target `logit-kl` needs that step's `logit_kl`.
std::optional<settings::CapacityTarget::Decision> capacity_for_target(
    LaneState& lane, std::optional<double> logit_kl);

}  // namespace sketchscope::decode
