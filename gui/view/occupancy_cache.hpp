#pragma once

#include <cstdint>

#include "engine/settings/knobs.hpp"
#include "gui/view/history.hpp"
#include "gui/view/occupancy.hpp"

namespace sketchscope {

/// The occupancy of the step shown, recomputed only after a change.
class OccupancyCache {
 public:
  /// Returns the occupancy. `applied` are the knobs in force at the newest step.
  const Occupancy& at(const History& history, const Knobs& applied, std::int64_t step);
  /// Returns a number that changes with the result of at().
  [[nodiscard]] std::uint64_t revision() const { return revision_; }

 private:
  Occupancy occupancy_;
  Knobs applied_;
  std::uint64_t history_revision_ = 0;
  std::uint64_t revision_ = 0;
};

}  // namespace sketchscope
