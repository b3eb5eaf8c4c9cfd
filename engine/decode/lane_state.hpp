#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/cache/layer_audit.hpp"
#include "engine/cache/slot_ranks.hpp"
#include "engine/core/memory.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/decisions.hpp"
#include "engine/decode/lane.hpp"
#include "engine/policy/shared_slots.hpp"
#include "engine/policy/victim.hpp"
#include "engine/read/read.hpp"
#include "engine/read/tail_summary.hpp"
#include "engine/settings/capacity.hpp"
#include "engine/sketch/items.hpp"
#include "engine/trace/recorder.hpp"
#include "kernels/eviction.hpp"

namespace sketchscope::decode {

/// Returns the rows of `heads` from `all`, which holds (all heads of a layer, per_head) numbers.
template <typename Number>
[[nodiscard]] std::span<Number> part_of(std::span<Number> all, const sketch::HeadRange& heads,
                                        std::size_t per_head) {
  return all.subspan(static_cast<std::size_t>(heads.first) * per_head,
                     static_cast<std::size_t>(heads.count) * per_head);
}

/// The heads that share one slot table.
struct TableHeads {
  sketch::HeadRange kv;     ///< heads whose keys and values it stores
  sketch::HeadRange query;  ///< heads that read them, H/K for each key/value head

  /// Returns which key/value head of the table a query head of the table reads.
  [[nodiscard]] int kv_of(int query_head) const { return query_head / (query.count / kv.count); }
};

/// One slot table of a layer with the data that is kept per slot.
struct CacheTable {
  TableHeads heads;
  cache::SlotTable slots;
  int newest_slot = -1;    ///< slot of the last token
  cache::SlotRanks ranks;  ///< empty unless keys take ranks for positions
  cache::SlotStatistics statistics;
  cache::PageBounds bounds;     ///< of its keys; none unless the read selects pages
  cache::QueryMoments moments;  ///< of the heads that read it; none unless the policy needs them
  std::vector<std::uint32_t>
      codes;  ///< of the stored keys, (S); empty unless sketch_key is key-lsh
  core::Clone<read::TailSummary> tail;     ///< empty unless the read includes one
  std::optional<cache::LayerAudit> audit;  ///< empty with the audit off
  cache::Divergence divergence;            ///< divergence of the last step; needs the audit
  Decisions decided;
  std::vector<float> decoded;  ///< (heads of a table, D), work space; empty where `kv` is exact
};

/// Everything one lane keeps of one layer. All tables store equally many positions, unless the
/// budget divides the layer's slots among its heads.
///
/// The attention of a query over the layer is kept as one array: of each table in order the
/// probabilities (its query heads, its slots). Where all tables store S positions, that is (H, S).
struct LayerCache {
  std::vector<CacheTable> tables;      ///< one, or one per key/value head at granularity `head`
  core::Clone<sketch::Sketch> sketch;  ///< one for all tables; empty unless the policy uses it
  Attended attended;                   ///< empty unless the lane keeps it

  /// Returns the positions stored in all tables together.
  [[nodiscard]] int stored_in_all() const;
  /// Returns the positions stored in the longest table.
  [[nodiscard]] int longest() const;
  /// Returns the numbers of an attention over all tables.
  [[nodiscard]] std::size_t mass_numbers() const;
  /// Returns the part of an attention that belongs to a table.
  template <typename Number>
  [[nodiscard]] std::span<Number> mass_part(std::span<Number> mass, std::size_t table) const {
    const auto [first, count] = mass_range(table);
    return mass.subspan(first, count);
  }
  [[nodiscard]] cache::MassView mass_of(std::span<const float> mass, std::size_t table) const {
    return cache::mass_view(mass_part(mass, table), tables[table].heads.query.count);
  }

 private:
  struct MassRange {
    std::size_t first = 0;
    std::size_t count = 0;
  };
  [[nodiscard]] MassRange mass_range(std::size_t table) const;
};

/// What follows from the present knobs for a lane's cache. It is computed once when they change,
/// since every layer of every step asks for it.
struct CacheRules {
  settings::Knobs knobs;
  std::shared_ptr<const policy::Policy> policy;
  std::shared_ptr<const read::Read> read;
  sketch::SketchKey sketch_key = sketch::SketchKey::position;
  std::shared_ptr<const sketch::KeyCoder> coder;  ///< null unless the sketch counts codes of keys

  /// Returns the length of the recent window with the incoming token, so that 0 acts as 1.
  [[nodiscard]] int recent() const { return std::max(knobs.recent_window, 1); }
  /// Returns which positions `read topk` takes whatever their score, the newest stored.
  [[nodiscard]] policy::Protection always_read() const {
    return {.sinks = knobs.sinks, .recent = recent()};
  }
  /// Whether keys are stored unrotated and take their ranks among the stored ones for positions.
  [[nodiscard]] bool ranks_positions() const {
    return knobs.positions == settings::Positions::cache;
  }
  /// Returns how the policy looks at the last queries.
  [[nodiscard]] policy::Observation observation() const { return settings::observation_of(knobs); }
  [[nodiscard]] bool tables_by_head() const {
    return knobs.granularity == settings::Granularity::head;
  }
  [[nodiscard]] float decay() const { return static_cast<float>(knobs.decay); }
};

/// The measurements that are made of a lane.
struct LaneMeasurement {
  bool audit = false;
  bool audit_over = false;                             ///< it ended at the model's last position
  bool has_twin = false;                               ///< a full-cache lane is fed the same tokens
  bool keep_attention = false;                         ///< fills LayerCache::attended
  std::shared_ptr<cache::AttentionObserver> observer;  ///< sees every step; needs the audit
};

/// The whole state of a lane between two steps, on which the phases of a step (store, read, update,
/// audit) work. A copy is a fork: it shares all pages and continues exactly as the original would.
/// Between phases it holds that no table has more slots than its capacity (or that tables which
/// share their slots have no more together), that all tables of a layer store equally many
/// positions unless they share slots, and that statistics and codes have one entry a slot.
struct LaneState {
  /// Throws UsageError on knobs that contradict each other or the model.
  LaneState(const model::ModelConfig& model, std::shared_ptr<cache::PagePools> pools,
            LaneOptions options);

  [[nodiscard]] LayerCache& layer(int index) { return layers[static_cast<std::size_t>(index)]; }
  [[nodiscard]] const LayerCache& layer(int index) const {
    return layers[static_cast<std::size_t>(index)];
  }
  /// Returns the number of slots that each table of a layer may fill; empty if the policy never
  /// evicts.
  [[nodiscard]] std::optional<int> capacity(int layer) const {
    return rules.policy->evicts() ? std::optional(budgets.of(layer)) : std::nullopt;
  }
  /// Whether a table of a layer can take another token only after an eviction: from the table
  /// itself, or, if the budget divides the layer's slots among its heads, from any table of the
  /// layer.
  [[nodiscard]] bool is_full(int layer, const CacheTable& table) const;
  /// Whether the tables of a layer share its slots.
  [[nodiscard]] bool shares_slots() const {
    return rules.knobs.budget == settings::BudgetKind::heads && rules.tables_by_head();
  }
  /// Returns whether a table is that of the spared position.
  [[nodiscard]] bool spares_in(const CacheTable& table) const;
  /// Returns how many slots a table, or a layer, has in addition to its capacity: the slot of a
  /// spared position for which no other position leaves.
  [[nodiscard]] int slots_beside(const CacheTable& table) const {
    return spared_beside && spares_in(table) ? 1 : 0;
  }
  [[nodiscard]] int slots_beside(int layer) const {
    return spared_beside && spared->layer == layer ? 1 : 0;
  }
  /// Returns the largest number of slots that a single table of a layer may fill.
  [[nodiscard]] int most_slots(int layer) const;

  /// Returns whether another token may come: the sequence is shorter than the model's context, or
  /// keys take ranks for positions and no table will ever store more positions than that.
  [[nodiscard]] bool has_room() const;
  [[nodiscard]] bool audits() const { return measured.audit && !measured.audit_over; }
  /// Discards the data of the audit; later steps are not audited.
  void end_audit();
  /// Computes the rotations by the first `ranks` ranks if keys take ranks for positions.
  void reserve_rotations(int ranks);
  /// Returns how keys that take ranks are rotated when a table of S slots is read; empty otherwise.
  [[nodiscard]] kernels::SlotRotations rotations_of(const CacheTable& table) const;

  /// Sets `importance` to the policy's present score of every slot that a table of `layer` stores,
  /// (S). `room` is workspace.
  void score(int layer, const CacheTable& table, policy::ScoreRoom& room,
             std::vector<float>& importance) const;
  /// Sets `importance` to the scores of another policy, which may need no more than this lane
  /// keeps.
  void score_by(const policy::Policy& policy, int layer, const CacheTable& table,
                policy::ScoreRoom& room, std::vector<float>& importance) const;
  /// Returns the position of the next query: the number of positions fed to `table` so far.
  [[nodiscard]] int next_position(const CacheTable& table) const;
  /// Returns which positions of a table cannot be victims while a token comes in: that token counts
  /// as the newest of the recent ones.
  [[nodiscard]] policy::Protection protection_before_incoming(const CacheTable& table) const;
  /// Returns the protection once the newest token is stored.
  [[nodiscard]] policy::Protection protection_with_newest(const CacheTable& table) const;
  /// Returns the map from a table's slots to the items of the layer's sketch.
  [[nodiscard]] sketch::ItemMap items_of(const CacheTable& table) const;

  // These follow from the model and from the knobs in force.
  [[nodiscard]] int kv_heads() const { return config.kv_heads; }               // K
  [[nodiscard]] int query_group() const { return config.heads / kv_heads(); }  // H/K
  [[nodiscard]] int table_kv_heads() const { return rules.tables_by_head() ? 1 : kv_heads(); }
  [[nodiscard]] std::size_t head_width() const {  // D
    return static_cast<std::size_t>(config.head_width);
  }
  [[nodiscard]] cache::PageShape page_shape() const {
    return {.heads = table_kv_heads(), .head_width = config.head_width, .format = rules.knobs.kv};
  }
  /// What the audit keeps is exact.
  [[nodiscard]] cache::PageShape audit_shape() const {
    return {.heads = table_kv_heads(), .head_width = config.head_width};
  }
  [[nodiscard]] policy::TableSize table_size(const TableHeads& heads, std::size_t slots) const;
  [[nodiscard]] settings::BudgetRule budget_rule() const;

  // These make the parts that a layer starts with under the knobs in force.
  [[nodiscard]] CacheTable empty_table(const TableHeads& heads) const;
  [[nodiscard]] core::Clone<sketch::Sketch> fresh_sketch() const;
  [[nodiscard]] core::Clone<read::TailSummary> fresh_tail(const TableHeads& heads) const;
  [[nodiscard]] std::shared_ptr<const sketch::KeyCoder> fresh_coder() const;
  [[nodiscard]] cache::PageBounds fresh_bounds(const TableHeads& heads) const;
  [[nodiscard]] cache::QueryMoments fresh_moments(const TableHeads& heads) const;

  model::ModelConfig config;
  std::shared_ptr<cache::PagePools> pages;
  CacheRules rules;
  LaneMeasurement measured;
  settings::LayerBudgets budgets;
  settings::CapacityTarget target;
  core::SplitMix64 random;  ///< random numbers of the sampler
  std::vector<LayerCache> layers;
  std::vector<int> tokens;                        ///< tokens fed so far
  std::vector<float> logits;                      ///< (V), empty at first
  std::vector<record::EvictionRecord> evictions;  ///< victims since the last take_evictions()
  cache::PositionHolders holders;
  std::optional<SparedPosition> spared;  ///< empty unless the lane repeats a run to compare
  bool spared_beside = false;  ///< no other position left for it: its table has one more slot
  /// The results of slot_rotations(); null until ranks are taken.
  std::shared_ptr<const std::vector<float>> rotations;
};

/// Sets the norms and the code of a slot's key and value, as far as the policy and the sketch need
/// them. It is called when key and value are stored, and for every slot after a change of knobs
/// that needs other ones.
void note_vectors(const LaneState& lane, CacheTable& table, int slot, std::span<const float> key,
                  std::span<const float> value);

/// The buffers that one lane needs while a layer runs. A step has one workspace per row, which all
/// layers share; the values that the phases return point into it.
struct LaneWorkspace {
  [[nodiscard]] std::size_t bytes() const;

  std::vector<float> mass;                    // (H, S)
  std::vector<float> log_sum_exp;             // (H), over the slots read
  std::vector<std::vector<int>> read_slots;   // by table, or by query head; empty: all slots
  std::vector<float> page_bounds;             // by page
  std::vector<kernels::PageView> head_pages;  // of each key/value head in a table of several
  std::vector<float> tail_share;              // (H), share of the probability
  std::vector<float> tail_mean;               // (D)
  std::vector<float> slot_mass;               // (S), summed over the query heads of a table
  std::vector<float> perturbation;            // (S), summed over the query heads of a table
  std::vector<float> importance;              // (S)
  policy::ScoreRoom score_room;
  policy::VictimRoom leaving;   // the victims of a table
  policy::SharedChoice shared;  // the victims of tables that share their slots
  std::vector<kernels::SketchItem> items;
  std::vector<std::uint32_t> ids;       // ids of the stored items, each once
  std::vector<float> estimates;         // estimates of these ids
  std::vector<double> historic_shares;  // shares of evicted positions in all mass, by row of items
  std::vector<float> key;               // (heads of a table, D), key of a victim
  std::vector<float> value;             // (heads of a table, D), value of a slot
  std::vector<float> rotated_query;     // (H, D), rotated by its rank in each table
  std::vector<float> own_rotation;      // (R), by the position of the step's token
  std::vector<float> at_position;  // (H + K, D), the token's query and key rotated by its position
  std::vector<float> unrotated;    // (H + 1, D), its unrotated query, then the inverse rotation
  trace::Recorder* recorder = nullptr;  // notes the phases of this row; may be null
  int row = -1;                         // of the pass
  double policy_ms = 0;  // time of this row's own policy, statistics and sketch in a step
};

}  // namespace sketchscope::decode
