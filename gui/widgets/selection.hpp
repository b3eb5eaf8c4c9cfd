#pragma once

#include <cstdint>
#include <optional>

#include "gui/plot/axis.hpp"
#include "gui/view/step_window.hpp"

namespace sketchscope {

/// Names one eviction of the run.
struct EvictionKey {
  std::int64_t step = 0;
  int layer = 0;
  int position = 0;
  int head = 0;  ///< 0 where heads share a table
  friend bool operator==(const EvictionKey&, const EvictionKey&) = default;
};

/// What the mouse is over. Each frame collects it anew; all panels show that of the frame before,
/// whichever of them it lies in.
struct Hover {
  std::optional<std::int64_t> step;
  std::optional<int> position;
  std::optional<int> layer;
  friend bool operator==(const Hover&, const Hover&) = default;
};

/// What the person looks at, shared by all panels.
struct Selection {
  std::optional<std::int64_t> locked_step;  ///< clicked; empty: the newest step is followed
  std::optional<int> locked_position;       ///< clicked
  std::optional<EvictionKey> eviction;      ///< explained in "Why was this evicted?"; empty: newest
  int layer = 0;
  int head = 0;  ///< whose table is shown; of no matter where heads share one

  StepWindow window;                       ///< the part of the run that all step axes show
  Scale divergence_scale = Scale::linear;  ///< of the axes of KL

  Hover hover;       ///< of the frame before: read this
  Hover next_hover;  ///< of this frame: write this

  /// The step all panels show, of a run that has `steps` records: hovered, else locked, else the
  /// newest. Empty before the first step.
  [[nodiscard]] std::optional<std::int64_t> step(std::int64_t steps) const {
    if (steps <= 0) return std::nullopt;
    if (hover.step && *hover.step < steps) return hover.step;
    if (locked_step && *locked_step < steps) return locked_step;
    return steps - 1;
  }
  [[nodiscard]] std::optional<int> position() const {
    return hover.position ? hover.position : locked_position;
  }
};

}  // namespace sketchscope
