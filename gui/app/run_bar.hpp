#pragma once

#include "gui/view/history.hpp"
#include "gui/view/run_source.hpp"
#include "gui/widgets/action.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {

/// What the bar at the top shows and acts on.
struct RunBarContext {
  ControlContext controls;
  const ActionTable& actions;
  const History& history;
  const LiveState& state;
  const ModelInfo& model;
  const std::function<void(Command, std::string)>& send;
};

/// Run, pause, step, restart, speed; where the run stands; what it costs. Figures that do not fit
/// are left out, the least important first.
void draw_run_bar(const RunBarContext& context, const Rect& area);
float run_bar_height(const Theme& theme);

/// The speed slider: logarithmic from 1 to 1000 tokens per second, its right end is unlimited (0).
double speed_at(double share);
double share_of_speed(double tokens_per_second);
/// "10 tok/s", "unlimited".
std::string speed_text(double tokens_per_second);

}  // namespace sketchscope
