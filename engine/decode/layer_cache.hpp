#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/cache/layer_audit.hpp"
#include "engine/cache/slot_statistics.hpp"
#include "engine/cache/slot_table.hpp"
#include "engine/core/clone.hpp"
#include "engine/read/tail_summary.hpp"
#include "engine/sketch/item_map.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope {

/// The heads of a layer that share one slot table, and what is kept per slot.
struct HeadGroup {
  HeadRange heads;
  SlotTable table;
  int newest_slot = -1;  ///< of `table`, where the last token went
  SlotStatistics statistics;
  std::vector<std::uint32_t>
      codes;                        ///< of the stored keys, (S); empty unless sketch_key is key-lsh
  Clone<TailSummary> tail;          ///< empty unless the read includes one
  std::optional<LayerAudit> audit;  ///< empty with the audit off
  Divergence divergence;            ///< of the last step (audit)

  /// Its part of a vector or matrix over all heads, (H, n).
  template <typename Number>
  [[nodiscard]] std::span<Number> part_of(std::span<Number> all, std::size_t per_head) const {
    return all.subspan(static_cast<std::size_t>(heads.first) * per_head,
                       static_cast<std::size_t>(heads.count) * per_head);
  }
};

/// What the last token's query attended to, as the tables were then. Empty after a prompt that ran
/// in one pass.
struct Attended {
  std::vector<float> mass;     ///< (H, S)
  std::vector<int> positions;  ///< of the slots, (tables, S)
};

/// Everything one lane keeps of one layer. All groups store equally many positions.
struct LayerCache {
  std::vector<HeadGroup> groups;  ///< one, or one per head at granularity `head`
  Clone<Sketch> sketch;           ///< one for all heads; empty unless the policy uses it
  Attended attended;              ///< empty unless the lane keeps it

  [[nodiscard]] int stored() const { return groups.front().table.stored(); }
};

}  // namespace sketchscope
