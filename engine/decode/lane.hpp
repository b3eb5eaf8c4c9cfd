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
#include "engine/model/model_config.hpp"
#include "engine/policy/policy.hpp"
#include "engine/record/step_record.hpp"
#include "engine/settings/knobs.hpp"
#include "engine/sketch/items.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope::decode {

struct CacheTable;
struct LaneState;

/// What the last token's query attended to, as the tables were then. Empty after a prompt that ran
/// in one pass.
struct Attended {
  std::vector<float> mass;     ///< (H, S)
  std::vector<int> positions;  ///< of the slots, (tables, S)
};

/// One slot table of a lane, to look at. Valid while the lane neither steps nor goes away.
class TableView {
 public:
  TableView(const LaneState& lane, int layer, int index);

  [[nodiscard]] sketch::HeadRange kv_heads() const;      ///< whose keys and values it stores
  [[nodiscard]] sketch::HeadRange query_heads() const;   ///< that read it
  [[nodiscard]] int stored() const;                      ///< S
  [[nodiscard]] std::span<const int> positions() const;  ///< of each slot, (S)
  [[nodiscard]] std::span<const int> tokens() const;     ///< of each slot, (S)
  [[nodiscard]] kernels::KvFormat format() const;
  [[nodiscard]] std::span<const cache::PagePool::PageId> page_ids() const;
  /// How many tables hold the page of a slot.
  [[nodiscard]] int holders_of(int slot) const;

  /// Importance of every slot as it stands now, (S).
  [[nodiscard]] std::vector<float> scores() const;
  /// What the policy keeps per slot, (S); throws Error where it does not keep it.
  [[nodiscard]] std::span<const float> statistic(cache::Statistic statistic) const;
  /// Which items of the layer's sketch the slots are.
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

/// One layer of a lane, to look at. Valid while the lane neither steps nor goes away.
class LayerView {
 public:
  LayerView(const LaneState& lane, int layer) : lane_(&lane), layer_(layer) {}

  /// One, or one per key/value head at granularity `head`.
  [[nodiscard]] int table_count() const;
  [[nodiscard]] TableView table(int index) const { return {*lane_, layer_, index}; }
  [[nodiscard]] std::vector<TableView> tables() const;
  [[nodiscard]] int stored() const;  ///< positions in each table
  /// Slots that each table may fill; empty where nothing is ever evicted.
  [[nodiscard]] std::optional<int> capacity() const;
  /// Returns the sketch that all tables of the layer share; null unless the policy uses one.
  [[nodiscard]] const sketch::Sketch* sketch() const;
  /// Empty unless the lane keeps it.
  [[nodiscard]] const Attended& attended() const;
  /// Sums over its tables (audit).
  [[nodiscard]] cache::Divergence divergence() const;
  [[nodiscard]] double total_regret() const;

 private:
  const LaneState* lane_;
  int layer_;
};

/// What a lane starts with, and what is measured of it.
struct LaneOptions {
  settings::Knobs knobs;
  bool audit = false;
  bool has_twin = false;                         ///< whose logits hold_target() will hear of
  bool keep_attention = false;                   ///< LayerView::attended
  std::shared_ptr<const policy::Policy> policy;  ///< instead of the one that the knobs name, until
                                                 ///< they name another
  std::shared_ptr<cache::AttentionObserver> observer;  ///< of every step; needs the audit
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
  /// Whether it is compared with full attention. The audit of a lane that goes on past the model's
  /// context ends there.
  [[nodiscard]] bool audited() const;
  /// Whether another token may be fed: not at the end of the model's context, past which a lane
  /// goes on if it takes ranks for positions and its capacity lies within the context.
  [[nodiscard]] bool has_room() const;
  /// Returns how many of the positions fed no table stores any more.
  [[nodiscard]] std::size_t gone_positions() const;
  [[nodiscard]] std::vector<LayerView> layers() const;
  [[nodiscard]] LayerView layer(int index) const;

  /// Draws the next token from the logits by the lane's own knobs and random numbers.
  int draw_token();
  /// The pass is over: these tokens were fed, and this follows.
  void finish_pass(std::span<const int> tokens, std::span<const float> logits);
  /// Victims since the last call.
  std::vector<record::EvictionRecord> take_evictions();

  /// Puts other knobs in force at a step boundary (docs/cache.md, Live knobs) and says what
  /// changed. Throws UsageError on knobs that contradict each other; the lane then goes on as it
  /// was.
  std::vector<record::KnobChange> apply(const settings::Knobs& knobs);
  /// At a step boundary: moves the capacity where the knobs' target asks for it, and says why.
  /// `logit_kl` is the last step's, for the target logit-kl.
  std::vector<record::KnobChange> hold_target(std::optional<double> logit_kl);
  /// Copies the pages that it shares with other lanes.
  void unshare_pages();

  // Bytes by category of the memory ledger.
  [[nodiscard]] std::size_t kv_bytes() const;
  [[nodiscard]] std::size_t sketch_bytes() const;
  [[nodiscard]] std::size_t statistics_bytes() const;
  [[nodiscard]] std::size_t tail_bytes() const;
  [[nodiscard]] std::size_t audit_bytes() const;
  /// What this lane takes that `earlier`, a copy of it from before (may be null), does not share.
  [[nodiscard]] std::size_t bytes_beside(const Lane* earlier) const;

  /// For the phases of a step alone.
  [[nodiscard]] LaneState& state() { return *state_; }
  [[nodiscard]] const LaneState& state() const { return *state_; }

 private:
  std::unique_ptr<LaneState> state_;
};

}  // namespace sketchscope::decode
