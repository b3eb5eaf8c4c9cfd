#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "engine/settings/knobs.hpp"
#include "gui/plot/canvas.hpp"
#include "gui/view/history.hpp"
#include "gui/view/position_axis.hpp"
#include "gui/view/token_text.hpp"

namespace sketchscope::view {

/// The status of a position in one slot table.
enum class SlotStatus : std::uint8_t { unseen, sink, kept, recent, evicted, evicted_now };
inline constexpr int kSlotStatuses = 6;

/// Returns whether the table holds a position of this status.
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
  /// Returns the statuses of a row, or those of the positions [first, end) in it.
  [[nodiscard]] std::span<const SlotStatus> row(int row) const;
  [[nodiscard]] std::span<const SlotStatus> row(int row, int first, int end) const;
  [[nodiscard]] int layer_of(int row) const { return row / heads; }
  [[nodiscard]] int head_of(int row) const { return row % heads; }
};

/// Returns the occupancy at `step`. `knobs`, those in force at that step, determine the protected
/// positions; the policy `full` has none, as it evicts nothing.
Occupancy occupancy_at(const History& history, std::int64_t step, const settings::Knobs& knobs);

using StatusColors = std::array<plot::Color, kSlotStatuses>;  ///< by SlotStatus

/// Returns (rows, columns) pixels that show these positions. A pixel has the mean color of its
/// positions, or that of a position evicted in this step if there is one.
std::vector<plot::Color> occupancy_pixels(const Occupancy& occupancy, PositionRange shown,
                                          int columns, const StatusColors& colors);

/// The occupancy of the step shown, recomputed only after a change.
class OccupancyCache {
 public:
  /// Returns the occupancy. `applied` are the knobs in force at the newest step.
  const Occupancy& at(const History& history, const settings::Knobs& applied, std::int64_t step);
  /// Returns a number that changes with the result of at().
  [[nodiscard]] std::uint64_t revision() const { return revision_; }

 private:
  Occupancy occupancy_;
  settings::Knobs applied_;
  std::uint64_t history_revision_ = 0;
  std::uint64_t history_generation_ = 0;
  std::uint64_t revision_ = 0;
};

/// The occupancies of runs that stay where they are, which panels share.
class Occupancies {
 public:
  /// Returns the cache of a run, which stays where it is.
  [[nodiscard]] OccupancyCache& of(const History& history) { return caches_[&history]; }

 private:
  std::map<const History*, OccupancyCache> caches_;
};

/// A token of the text as it is drawn.
struct TokenChip {
  int position = 0;
  std::string_view text;  ///< drawable text without its leading space; owned by TokenText
  bool spaced = false;    ///< a space precedes it
  bool ends_line = false;
  bool prompt = false;
};

/// Returns the chip of a position that was fed.
TokenChip token_chip(const History& history, const TokenText& text, int position);

/// How the tables hold one position.
struct Holding {
  int tables = 0;                        ///< that store it
  SlotStatus best = SlotStatus::unseen;  ///< its best status over all tables
};
Holding holding_of(const Occupancy& occupancy, int position);

}  // namespace sketchscope::view
