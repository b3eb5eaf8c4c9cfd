#include "gui/app/time_travel.hpp"

namespace sketchscope {

void TimeTravel::ask(const ShownRun& run, const CommandSink& send) {
  const LiveState& state = run.state();
  const Selection& selection = run.selection();
  if (state.phase == RunPhase::saved) return;
  if (asked_generation_ != run.history().generation()) {
    // The run or its past was replaced, so the engine has dropped the requests.
    asked_generation_ = run.history().generation();
    asked_step_.reset();
    asked_position_.reset();
  }
  auto step = selection.step(run.steps());
  // While the run advances, only a locked step is requested, not every hovered one.
  const bool settled = state.phase != RunPhase::running || step == selection.locked_step;
  if (!step || *step + 1 >= run.steps() || !settled) step.reset();
  if (step != asked_step_) send(command::LookAt{step}, "look");
  asked_step_ = step;

  std::optional<int> position = selection.locked_position;
  if (selection.eviction) position = selection.eviction->position;
  if (position != asked_position_) send(command::Trace{position}, "trace");
  asked_position_ = position;
}

const LiveState& TimeTravel::shown_state(const ShownRun& run) {
  const auto step = run.selection().step(run.steps());
  const std::shared_ptr<const LiveState>& latest = run.state_pointer();
  if (!latest->past || !step || latest->past->steps != *step + 1) return *latest;
  if (shown_of_ != latest) {
    shown_of_ = latest;
    shown_ = *latest;
    shown_.layers = latest->past->layers;
    shown_.steps = latest->past->steps;
    shown_.next_token = latest->past->next_token;
  }
  return shown_;
}

}  // namespace sketchscope
