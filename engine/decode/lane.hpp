#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/cache/divergence.hpp"
#include "engine/cache/page_pool.hpp"
#include "engine/cache/slot_statistics.hpp"
#include "engine/decode/decisions.hpp"
#include "engine/decode/spared_position.hpp"
#include "engine/model/model_config.hpp"
#include "engine/policy/policy.hpp"
#include "engine/record/step_record.hpp"
#include "engine/settings/knobs.hpp"
#include "engine/sketch/items.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope::decode {

struct CacheTable;
struct LaneState;

/// The attention of the last token's query over the slots stored when it was computed. Empty after
/// a prompt fed in one pass.
struct Attended {
  std::vector<float> mass;     ///< of each table in order: (its query heads, its slots)
  std::vector<int> positions;  ///< of each table in order: position in each slot
  std::vector<int> stored;     ///< of each table: how many slots it had
};

/// A read-only view of one slot table of a lane, valid until the lane steps or is destroyed.
class TableView {
 public:
  TableView(const LaneState& lane, int layer, int index);

  [[nodiscard]] sketch::HeadRange kv_heads() const;      ///< heads whose keys and values it stores
  [[nodiscard]] sketch::HeadRange query_heads() const;   ///< heads that read it
  [[nodiscard]] int stored() const;                      ///< S
  [[nodiscard]] std::span<const int> positions() const;  ///< of each slot, (S)
  [[nodiscard]] std::span<const int> tokens() const;     ///< of each slot, (S)
  [[nodiscard]] kernels::KvFormat format() const;
  [[nodiscard]] std::span<const cache::PagePool::PageId> page_ids() const;
  /// Returns how many tables hold the page of a slot.
  [[nodiscard]] int holders_of(int slot) const;

  /// Returns the policy's score of every slot as it stands now, (S).
  [[nodiscard]] std::vector<float> scores() const;
  /// Returns the scores of another policy, (S), which may need no more than this one keeps.
  [[nodiscard]] std::vector<float> scores_by(const policy::Policy& policy) const;
  /// Returns a statistic that the policy keeps per slot, (S). Throws Error if it does not keep it.
  [[nodiscard]] std::span<const float> statistic(cache::Statistic statistic) const;
  /// Returns the map from the slots to the items of the layer's sketch.
  [[nodiscard]] sketch::ItemMap items() const;

  // The audit keeps these by position, (T); they exist only in an audited lane.
  [[nodiscard]] bool audited() const;
  [[nodiscard]] std::span<const float> exact_mass() const;
  [[nodiscard]] std::span<const float> regret() const;
  [[nodiscard]] double total_regret() const;
  [[nodiscard]] const cache::Divergence& divergence() const;  ///< of the last step

 private:
  const LaneState* lane_;
  const CacheTable* table_;
  int layer_;
};

/// A read-only view of one layer of a lane, valid until the lane steps or is destroyed.
class LayerView {
 public:
  LayerView(const LaneState& lane, int layer) : lane_(&lane), layer_(layer) {}

  /// Returns the number of tables: one, or one per key/value head at granularity `head`.
  [[nodiscard]] int table_count() const;
  [[nodiscard]] TableView table(int index) const { return {*lane_, layer_, index}; }
  [[nodiscard]] std::vector<TableView> tables() const;
  /// Returns the positions in each table; their mean, rounded down, where tables differ.
  [[nodiscard]] int stored() const;
  /// The positions in the shortest and in the longest table.
  struct StoredRange {
    int least = 0;
    int most = 0;
  };
  [[nodiscard]] StoredRange stored_range() const;
  /// Returns the number of slots that each table may fill, or their mean where the tables share
  /// them; empty if the policy never evicts.
  [[nodiscard]] std::optional<int> capacity() const;
  /// Returns the sketch that all tables of the layer share; null unless the policy uses one.
  [[nodiscard]] const sketch::Sketch* sketch() const;
  /// Returns the attention of the last token; empty unless LaneOptions::keep_attention is set.
  [[nodiscard]] const Attended& attended() const;
  /// These are sums over the layer's tables and need the audit.
  [[nodiscard]] cache::Divergence divergence() const;
  [[nodiscard]] double total_regret() const;

 private:
  const LaneState* lane_;
  int layer_;
};

/// The knobs that a lane starts with, and the measurements that are made of it.
struct LaneOptions {
  settings::Knobs knobs;
  bool audit = false;
  bool has_twin = false;        ///< a full-cache lane is fed the same tokens
  bool keep_attention = false;  ///< fills LayerView::attended()
  /// Used instead of the policy named by `knobs`, until a knob change names another; may be null.
  std::shared_ptr<const policy::Policy> policy;
  std::shared_ptr<cache::AttentionObserver> observer;  ///< sees every step; needs the audit
  std::optional<SparedPosition> spared = {};           ///< as Lane::spare() says
};

/// One sequence being generated: its cache, policy, knobs, sampler and what its last step did. A
/// copy is a fork: it shares all pages and continues exactly as the original would.
class Lane {
 public:
  /// Throws UsageError on knobs that contradict each other or the model.
  Lane(const model::ModelConfig& config, std::shared_ptr<cache::PagePools> pages,
       LaneOptions options);
  Lane(const Lane& other);
  Lane(Lane&& other) noexcept;
  Lane& operator=(Lane other) noexcept;
  ~Lane();

  [[nodiscard]] const settings::Knobs& knobs() const;
  [[nodiscard]] std::span<const int> tokens() const;    ///< fed so far
  [[nodiscard]] std::span<const float> logits() const;  ///< (V), empty at first
  [[nodiscard]] const policy::Policy& policy() const;
  /// Whether the lane is compared with full attention. The audit ends at the end of the model's
  /// context, even if the lane continues.
  [[nodiscard]] bool audited() const;
  /// Whether another token may be fed: the sequence is shorter than the model's context, or the
  /// lane uses `positions cache` with a policy that evicts and no layer stores more slots than the
  /// context has positions.
  [[nodiscard]] bool has_room() const;
  /// Returns how often the lane's knobs had an effect, summed over its tables.
  [[nodiscard]] Decisions decisions() const;
  /// Returns the number of fed positions that no table stores any more.
  [[nodiscard]] std::size_t gone_positions() const;
  [[nodiscard]] std::vector<LayerView> layers() const;
  [[nodiscard]] LayerView layer(int index) const;

  /// Draws the next token from the logits by the lane's own knobs and random numbers.
  int draw_token();
  /// Ends a pass that fed these tokens to the lane; `logits` (V) are those of the next token.
  void finish_pass(std::span<const int> tokens, std::span<const float> logits);
  /// Returns the victims since the last call.
  std::vector<record::EvictionRecord> take_evictions();

  /// Applies other knobs between two steps (docs/cache.md, "Live knobs") and returns what changed.
  /// Throws UsageError on knobs that contradict each other; the lane then goes on as it
  /// was.
  std::vector<record::KnobChange> apply(const settings::Knobs& knobs);
  /// Moves the capacity between two steps if the knobs' target asks for it, and returns the change
  /// with its reason. The target `logit-kl` needs the `logit_kl` of the last step.
  std::vector<record::KnobChange> hold_target(std::optional<double> logit_kl);
  /// Protects a position from the step on in which the policy would evict it. Throws UsageError if
  /// the lane has no such table.
  void spare(const SparedPosition& spared);
  /// Copies the pages that the lane shares with other lanes.
  void unshare_pages();

  // Bytes by category of the memory ledger.
  [[nodiscard]] std::size_t kv_bytes() const;
  [[nodiscard]] std::size_t sketch_bytes() const;
  [[nodiscard]] std::size_t statistics_bytes() const;
  [[nodiscard]] std::size_t tail_bytes() const;
  [[nodiscard]] std::size_t audit_bytes() const;
  /// Returns the bytes that this lane does not share with `earlier`, an earlier copy of it, which
  /// may be null.
  [[nodiscard]] std::size_t bytes_beside(const Lane* earlier) const;

  /// Only the phases of a step may use the state.
  [[nodiscard]] LaneState& state() { return *state_; }
  [[nodiscard]] const LaneState& state() const { return *state_; }

 private:
  std::unique_ptr<LaneState> state_;
};

}  // namespace sketchscope::decode
