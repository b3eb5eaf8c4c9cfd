#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/cache/divergence.hpp"
#include "engine/cache/page_pool.hpp"
#include "engine/cache/slot_statistics.hpp"
#include "engine/sketch/items.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope {

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

  [[nodiscard]] HeadRange kv_heads() const;              ///< whose keys and values it stores
  [[nodiscard]] HeadRange query_heads() const;           ///< that read it
  [[nodiscard]] int stored() const;                      ///< S
  [[nodiscard]] std::span<const int> positions() const;  ///< of each slot, (S)
  [[nodiscard]] std::span<const int> tokens() const;     ///< of each slot, (S)
  [[nodiscard]] KvFormat format() const;
  [[nodiscard]] std::span<const PagePool::PageId> page_ids() const;
  /// How many tables hold the page of a slot.
  [[nodiscard]] int holders_of(int slot) const;

  /// Importance of every slot as it stands now, (S).
  [[nodiscard]] std::vector<float> scores() const;
  /// What the policy keeps per slot, (S); throws Error where it does not keep it.
  [[nodiscard]] std::span<const float> statistic(Statistic statistic) const;
  /// Which items of the layer's sketch the slots are.
  [[nodiscard]] ItemMap items() const;

  // The audit keeps these by position, (T); they exist only in an audited lane.
  [[nodiscard]] bool audited() const;
  [[nodiscard]] std::span<const float> exact_mass() const;
  [[nodiscard]] std::span<const float> regret() const;
  [[nodiscard]] double total_regret() const;
  [[nodiscard]] const Divergence& divergence() const;  ///< of the last step

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
  [[nodiscard]] const Sketch* sketch() const;
  /// Empty unless the lane keeps it.
  [[nodiscard]] const Attended& attended() const;
  /// Sums over its tables (audit).
  [[nodiscard]] Divergence divergence() const;
  [[nodiscard]] double total_regret() const;

 private:
  const LaneState* lane_;
  int layer_;
};

}  // namespace sketchscope
