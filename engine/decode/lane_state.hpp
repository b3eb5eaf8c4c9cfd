#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/cache/page_pool.hpp"
#include "engine/core/random.hpp"
#include "engine/cache/divergence.hpp"
#include "engine/decode/layer_cache.hpp"
#include "engine/model/model_config.hpp"
#include "engine/policy/policy.hpp"
#include "engine/policy/victim.hpp"
#include "engine/read/read.hpp"
#include "engine/record/step_record.hpp"
#include "engine/settings/capacity_target.hpp"
#include "engine/settings/knobs.hpp"
#include "engine/settings/layer_budgets.hpp"
#include "engine/sketch/items.hpp"

namespace sketchscope {

/// What the knobs in force say about a lane's cache, worked out once when they change.
struct CacheRules {
  Knobs knobs;
  std::shared_ptr<const Policy> policy;
  std::shared_ptr<const Read> read;
  SketchKey sketch_key = SketchKey::position;
  std::shared_ptr<const KeyCoder> coder;  ///< null unless the sketch counts codes of keys

  /// The recent window, with the incoming token: `recent_window` 0 acts as 1.
  [[nodiscard]] int recent() const;
  /// Returns which positions cannot be victims while a token comes in: that token counts as the
  /// newest of the recent ones.
  [[nodiscard]] Protection protection_before_incoming() const;
  /// Returns the protection once the newest token is stored.
  [[nodiscard]] Protection protection_with_newest() const;
  [[nodiscard]] bool tables_by_head() const { return knobs.granularity == Granularity::head; }
  [[nodiscard]] float decay() const { return static_cast<float>(knobs.decay); }
};

/// What is measured of a lane, and who is shown it.
struct LaneMeasurement {
  bool audit = false;
  bool has_twin = false;                        ///< whose logits hold_target() will hear of
  bool keep_attention = false;                  ///< LayerCache::attended
  std::shared_ptr<AttentionObserver> observer;  ///< of every step; needs the audit
};

/// All that a lane is between two steps, and what the phases of a step (store, read, update, audit)
/// work on. A copy is a fork: it shares all pages and continues exactly as the original would.
/// Between phases it holds that no table has more slots than its capacity, that all tables of a
/// layer store equally many positions, and that statistics and codes have one entry a slot.
struct LaneState {
  /// Throws UsageError on knobs that contradict each other or the model. `policy` may be null: then
  /// it is the one that the knobs name.
  LaneState(const ModelConfig& model, std::shared_ptr<PagePools> pools, const Knobs& knobs,
            std::shared_ptr<const Policy> policy, LaneMeasurement measurement);

  [[nodiscard]] LayerCache& layer(int index) { return layers[static_cast<std::size_t>(index)]; }
  [[nodiscard]] const LayerCache& layer(int index) const {
    return layers[static_cast<std::size_t>(index)];
  }
  /// Slots that each table of a layer may fill; empty where nothing is ever evicted.
  [[nodiscard]] std::optional<int> capacity(int layer) const;
  [[nodiscard]] bool is_full(int layer, const CacheTable& table) const;

  /// Importance of every slot that a table of `layer` stores, as it stands now, (S).
  void score(int layer, const CacheTable& table, std::span<float> importance) const;
  /// Which items of the layer's sketch a table's slots are.
  [[nodiscard]] ItemMap items_of(const CacheTable& table) const;

  // These follow from the model and from the knobs in force.
  [[nodiscard]] int kv_heads() const { return config.kv_heads; }               // K
  [[nodiscard]] int query_group() const { return config.heads / kv_heads(); }  // H/K
  [[nodiscard]] int table_kv_heads() const { return rules.tables_by_head() ? 1 : kv_heads(); }
  [[nodiscard]] std::size_t head_width() const {  // D
    return static_cast<std::size_t>(config.head_width);
  }
  [[nodiscard]] PageShape page_shape() const;
  [[nodiscard]] BudgetRule budget_rule() const;

  // These make the parts that a layer starts with under the knobs in force.
  [[nodiscard]] CacheTable empty_table(const TableHeads& heads) const;
  [[nodiscard]] Clone<Sketch> fresh_sketch() const;
  [[nodiscard]] Clone<TailSummary> fresh_tail(const TableHeads& heads) const;
  [[nodiscard]] std::shared_ptr<const KeyCoder> fresh_coder() const;

  ModelConfig config;
  std::shared_ptr<PagePools> pages;
  CacheRules rules;
  LaneMeasurement measured;
  LayerBudgets budgets;
  CapacityTarget target;
  bool evicted_since_target = false;  ///< whether anything left since the target was asked last
  SplitMix64 random;                  ///< of the sampler
  std::vector<LayerCache> layers;
  std::vector<int> tokens;                ///< fed so far
  std::vector<float> logits;              ///< (V), empty at first
  std::vector<EvictionRecord> evictions;  ///< victims that nobody took yet
};

/// Records in statistics and codes what a key tells: once when it comes, and again for all that is
/// stored when knobs change.
void note_key(const LaneState& lane, CacheTable& table, int slot, std::span<const float> key);

}  // namespace sketchscope
