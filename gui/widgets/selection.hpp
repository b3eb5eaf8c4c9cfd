#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/plot/axis.hpp"
#include "gui/view/position_axis.hpp"
#include "gui/view/step_axis.hpp"

namespace sketchscope::widgets {

/// Identifies one eviction of the run.
struct EvictionKey {
  std::int64_t step = 0;
  int layer = 0;
  int position = 0;
  int head = 0;  ///< 0 if heads share a table
  friend bool operator==(const EvictionKey&, const EvictionKey&) = default;
};

/// Returns an eviction as a flag's value: "120:3:58", with ":1" where it left the table of head 1.
std::string eviction_text(const EvictionKey& eviction);
/// Parses such a value; empty if it is none.
std::optional<EvictionKey> parse_eviction(std::string_view text);

/// The object under the mouse. It is collected anew in each frame, and all panels show that of the
/// frame before, so that their order does not matter.
struct Hover {
  std::optional<std::int64_t> step;
  std::optional<int> position;
  std::optional<int> layer;
  std::vector<int> sharing;  ///< positions that share the hovered counter of the sketch
  friend bool operator==(const Hover&, const Hover&) = default;
};

/// The person's selection, shared by all panels.
struct Selection {
  std::optional<std::int64_t> locked_step;  ///< clicked step; empty to follow the newest
  std::optional<int> locked_position;       ///< clicked position
  std::optional<EvictionKey> eviction;      ///< explained in "Why was this evicted?"; empty: newest
  int layer = 0;
  int head = 0;  ///< head whose table is shown, if heads have their own

  view::StepWindow window;                             ///< extent of all step axes
  view::PositionWindow positions;                      ///< extent of all axes of positions
  plot::Scale divergence_scale = plot::Scale::linear;  ///< scale of KL axes

  Hover hover;       ///< of the former frame; for reading
  Hover next_hover;  ///< of this frame; for writing

  /// Returns the step that all panels show, for a run with `steps` records: the hovered, else the
  /// locked, else the newest one. Empty before the first step.
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

}  // namespace sketchscope::widgets
