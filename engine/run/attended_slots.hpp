#pragma once

#include <cstddef>
#include <span>

#include "engine/decode/lane.hpp"

namespace sketchscope::run {

/// Calls visit(head, position, mass) for every slot that the query of a head read in the last step,
/// whose tables may differ in length. Returns the number of heads, 0 where no attention is known.
template <class Visit>
int for_each_attended(const decode::LayerView& layer, const Visit& visit) {
  const decode::Attended& attended = layer.attended();
  if (attended.mass.empty()) return 0;
  std::span<const int> positions = attended.positions;
  std::span<const float> mass = attended.mass;
  int head = 0;
  for (int table = 0; table < layer.table_count(); ++table) {
    const auto stored = static_cast<std::size_t>(attended.stored[static_cast<std::size_t>(table)]);
    for (int of_table = 0; of_table < layer.table(table).query_heads().count; ++of_table, ++head) {
      for (std::size_t slot = 0; slot < stored; ++slot) visit(head, positions[slot], mass[slot]);
      mass = mass.subspan(stored);
    }
    positions = positions.subspan(stored);
  }
  return head;
}

}  // namespace sketchscope::run
