#pragma once

#include "gui/view/history.hpp"
#include "gui/view/run_source.hpp"
#include "gui/widgets/action.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::app {

/// The inputs of the run bar at the top.
struct RunBarContext {
  widgets::ControlContext controls;
  const widgets::ActionTable& actions;
  const view::History& history;
  const run::LiveState& state;
  const run::ModelInfo& model;
  const std::function<void(run::Command, std::string)>& send;
};

/// Draws the controls of the run, its progress and its costs. Figures that do not fit are dropped,
/// the least important first.
void draw_run_bar(const RunBarContext& context, const plot::Rect& area);
float run_bar_height(const plot::Theme& theme);

/// Maps a slider position to a speed: logarithmic from 1 to 1000 tokens per second; the right end
/// means unlimited (0).
double speed_at(double share);
double share_of_speed(double tokens_per_second);
/// Formats a speed: "10 tok/s", "unlimited".
std::string speed_text(double tokens_per_second);

}  // namespace sketchscope::app
