#include "gui/view/knobs_at.hpp"

namespace sketchscope {

Knobs knobs_at(const History& history, const Knobs& applied, std::int64_t step) {
  Knobs knobs = applied;
  const auto marks = history.marks();
  for (auto mark = marks.rbegin(); mark != marks.rend() && mark->step > step; ++mark) {
    set_knob(knobs, mark->knob, mark->from);
  }
  return knobs;
}

}  // namespace sketchscope
