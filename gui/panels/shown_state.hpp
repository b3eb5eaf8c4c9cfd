#pragma once

#include <limits>
#include <string>

#include "gui/panels/panel.hpp"
#include "gui/view/knobs_at.hpp"
#include "gui/view/occupancy.hpp"

namespace sketchscope {

/// Returns the state of the chosen layer; null before the first step.
inline const LayerState* chosen_layer(const PanelContext& context) {
  const auto index = static_cast<std::size_t>(context.selection.layer);
  return context.selection.layer >= 0 && index < context.state.layers.size()
             ? &context.state.layers[index]
             : nullptr;
}

/// Returns the state of the chosen table; null before the first step.
inline const TableState* chosen_table(const PanelContext& context) {
  return table_of(context.state, context.selection.layer, context.selection.head);
}

/// Names the chosen table: "layer 3", or "layer 3 head 5" if heads have their own tables.
inline std::string chosen_table_words(const PanelContext& context) {
  const LayerState* layer = chosen_layer(context);
  const std::string words = "layer " + std::to_string(context.selection.layer);
  const bool per_head = layer && layer->tables.size() > 1;
  return per_head ? words + " head " + std::to_string(context.selection.head) : words;
}

/// Returns the knobs in force at the state's step.
inline Knobs state_knobs(const PanelContext& context) {
  return knobs_at(context.history, context.state.applied, context.state.steps - 1);
}

/// Returns whether the state is that of the step shown: the newest, or a past one that the engine
/// has looked up.
inline bool knows_state(const PanelContext& context) {
  const auto steps = static_cast<std::int64_t>(context.history.size());
  const auto shown = context.selection.step(steps);
  return shown && (*shown == steps - 1 || context.state.steps == *shown + 1);
}

/// Returns the prefix "newest step, " if the state is not that of the step shown.
inline std::string_view state_caveat(const PanelContext& context) {
  return knows_state(context) ? "" : "newest step, ";
}

/// Returns the occupancy at the step shown; empty before the first.
inline Occupancy shown_occupancy(const PanelContext& context) {
  const StepRecord* record = context.shown();
  if (!record) return {};
  const Knobs knobs = knobs_at(context.history, context.state.applied, record->step);
  return occupancy_at(context.history, record->step, knobs);
}

/// Returns the value at a position; kMissing beyond the end.
inline double value_of(const std::vector<float>& values, int position) {
  const auto index = static_cast<std::size_t>(position);
  return position >= 0 && index < values.size() ? values[index]
                                                : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace sketchscope
