#include "gui/view/occupancy_cache.hpp"

#include "gui/view/knobs_at.hpp"

namespace sketchscope {

const Occupancy& OccupancyCache::at(const History& history, const Knobs& applied,
                                    std::int64_t step) {
  const bool current = revision_ > 0 && history_revision_ == history.revision() &&
                       occupancy_.step == step && applied_ == applied;
  if (!current) {
    occupancy_ = occupancy_at(history, step, knobs_at(history, applied, step));
    applied_ = applied;
    history_revision_ = history.revision();
    ++revision_;
  }
  return occupancy_;
}

}  // namespace sketchscope
