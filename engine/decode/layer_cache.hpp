#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/cache/layer_audit.hpp"
#include "engine/cache/slot_statistics.hpp"
#include "engine/cache/slot_table.hpp"
#include "engine/core/memory.hpp"
#include "engine/decode/lane_view.hpp"
#include "engine/read/tail_summary.hpp"
#include "engine/sketch/items.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope {

/// The part of a vector or matrix over all heads of a layer, (heads, n), that belongs to some.
template <typename Number>
[[nodiscard]] std::span<Number> part_of(std::span<Number> all, const HeadRange& heads,
                                        std::size_t per_head) {
  return all.subspan(static_cast<std::size_t>(heads.first) * per_head,
                     static_cast<std::size_t>(heads.count) * per_head);
}

/// The heads that share one slot table.
struct TableHeads {
  HeadRange kv;     ///< whose keys and values it stores
  HeadRange query;  ///< that read them: H/K for each key/value head

  /// Which key/value head of the table a query head of the table reads.
  [[nodiscard]] int kv_of(int query_head) const { return query_head / (query.count / kv.count); }
};

/// One slot table of a layer, and what is kept per slot.
struct CacheTable {
  TableHeads heads;
  SlotTable slots;
  int newest_slot = -1;  ///< where the last token went
  SlotStatistics statistics;
  std::vector<std::uint32_t>
      codes;                        ///< of the stored keys, (S); empty unless sketch_key is key-lsh
  Clone<TailSummary> tail;          ///< empty unless the read includes one
  std::optional<LayerAudit> audit;  ///< empty with the audit off
  Divergence divergence;            ///< of the last step (audit)
};

/// Everything one lane keeps of one layer. All tables store equally many positions.
struct LayerCache {
  std::vector<CacheTable> tables;  ///< one, or one per key/value head at granularity `head`
  Clone<Sketch> sketch;            ///< one for all tables; empty unless the policy uses it
  Attended attended;               ///< empty unless the lane keeps it

  [[nodiscard]] int stored() const { return tables.front().slots.stored(); }
};

}  // namespace sketchscope
