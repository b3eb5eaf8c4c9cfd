#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/session/knobs.hpp"
#include "gui/plot/geometry.hpp"
#include "gui/view/history.hpp"

namespace sketchscope {

/// What became of a position in one layer.
enum class SlotStatus : std::uint8_t { unseen, sink, kept, recent, evicted, evicted_now };
inline constexpr int kSlotStatuses = 6;

constexpr bool is_stored(SlotStatus status) {
  return status == SlotStatus::sink || status == SlotStatus::kept || status == SlotStatus::recent;
}

/// Layer × position at one step of the run.
struct Occupancy {
  std::int64_t step = -1;
  int layers = 0;                  // L
  int positions = 0;               // P, fed so far
  std::vector<SlotStatus> status;  // (L, P)
  std::vector<int> stored;         // (L)

  [[nodiscard]] SlotStatus at(int layer, int position) const;
};

/// `knobs` are those in force at `step`; they say what was protected. Policy `full` protects
/// nothing, as nothing leaves.
Occupancy occupancy_at(const History& history, std::int64_t step, const Knobs& knobs);

/// In how many layers a position is stored.
int layers_storing(const Occupancy& occupancy, int position);

using StatusColors = std::array<Color, kSlotStatuses>;  ///< by SlotStatus

/// Texture of (L, columns) pixels that shows positions [0, span): the mean color of the positions
/// under a pixel, except that one evicted in this step is never averaged away.
std::vector<Color> occupancy_pixels(const Occupancy& occupancy, int span, int columns,
                                    const StatusColors& colors);

}  // namespace sketchscope
