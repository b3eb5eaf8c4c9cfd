#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/settings/knobs.hpp"
#include "gui/plot/geometry.hpp"
#include "gui/view/history.hpp"

namespace sketchscope {

/// The status of a position in one slot table.
enum class SlotStatus : std::uint8_t { unseen, sink, kept, recent, evicted, evicted_now };
inline constexpr int kSlotStatuses = 6;

constexpr bool is_stored(SlotStatus status) {
  return status == SlotStatus::sink || status == SlotStatus::kept || status == SlotStatus::recent;
}

/// The status of every position in every slot table at one step. There is one row per layer, or per
/// layer and head if heads have their own tables.
struct Occupancy {
  std::int64_t step = -1;
  int rows = 0;
  int heads = 1;                   ///< rows per layer
  int positions = 0;               // P, fed so far
  std::vector<SlotStatus> status;  // (rows, P)
  std::vector<int> stored;         // (rows)

  [[nodiscard]] SlotStatus at(int row, int position) const;
  [[nodiscard]] int layer_of(int row) const { return row / heads; }
  [[nodiscard]] int head_of(int row) const { return row % heads; }
};

/// Returns the occupancy at `step`. `knobs`, those in force at that step, determine the protected
/// positions; the policy `full` has none, as it evicts nothing.
Occupancy occupancy_at(const History& history, std::int64_t step, const Knobs& knobs);

/// Returns the positions that an axis spans. It grows in strides, so that the axis does not change
/// with every token.
int position_span(int positions, int context_length);

/// Returns the number of tables that store a position.
int tables_storing(const Occupancy& occupancy, int position);

using StatusColors = std::array<Color, kSlotStatuses>;  ///< by SlotStatus

/// Returns (rows, columns) pixels that show positions [0, span). A pixel has the mean color of its
/// positions, or that of a position evicted in this step if there is one.
std::vector<Color> occupancy_pixels(const Occupancy& occupancy, int span, int columns,
                                    const StatusColors& colors);

}  // namespace sketchscope
