#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/settings/knobs.hpp"
#include "gui/plot/geometry.hpp"
#include "gui/view/history.hpp"

namespace sketchscope {

/// What became of a position in one slot table.
enum class SlotStatus : std::uint8_t { unseen, sink, kept, recent, evicted, evicted_now };
inline constexpr int kSlotStatuses = 6;

constexpr bool is_stored(SlotStatus status) {
  return status == SlotStatus::sink || status == SlotStatus::kept || status == SlotStatus::recent;
}

/// Slot table × position at one step of the run: a row for each layer, or for each head of each
/// layer where heads have tables of their own.
struct Occupancy {
  std::int64_t step = -1;
  int rows = 0;
  int heads = 1;                   ///< rows of a layer
  int positions = 0;               // P, fed so far
  std::vector<SlotStatus> status;  // (rows, P)
  std::vector<int> stored;         // (rows)

  [[nodiscard]] SlotStatus at(int row, int position) const;
  [[nodiscard]] int layer_of(int row) const { return row / heads; }
  [[nodiscard]] int head_of(int row) const { return row % heads; }
};

/// `knobs` are those in force at `step`; they say what was protected. Policy `full` protects
/// nothing, as nothing leaves.
Occupancy occupancy_at(const History& history, std::int64_t step, const Knobs& knobs);

/// Positions that an axis spans: it grows in strides, so that it does not stretch with every token.
int position_span(int positions, int context_length);

/// In how many tables a position is stored.
int tables_storing(const Occupancy& occupancy, int position);

using StatusColors = std::array<Color, kSlotStatuses>;  ///< by SlotStatus

/// Texture of (rows, columns) pixels that shows positions [0, span): the mean color of the
/// positions under a pixel, except that one evicted in this step is never averaged away.
std::vector<Color> occupancy_pixels(const Occupancy& occupancy, int span, int columns,
                                    const StatusColors& colors);

}  // namespace sketchscope
