#pragma once

#include <string>
#include <utility>

#include "gui/app/former_runs.hpp"
#include "gui/app/knob_undo.hpp"
#include "gui/app/runs_controller.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/app/text_editors.hpp"
#include "gui/driver/recorder.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope::app {

/// The control of the run: play, pause, breakpoints, undo of knobs, branching, comparison,
/// continuation from an earlier step. All commands of the window pass through it.
class RunController {
 public:
  RunController(ShownRun& run, Workspace& workspace, driver::Recorder& recorder);
  RunController(const RunController&) = delete;
  RunController& operator=(const RunController&) = delete;

  void add_actions(widgets::ActionTable& actions);
  /// Returns the sink of commands, which records them and makes them undoable.
  [[nodiscard]] const panels::CommandSink& send() const { return send_; }
  /// Returns the control of the runs that are shown over each other.
  [[nodiscard]] RunsController& runs() { return runs_; }
  [[nodiscard]] const RunsController& runs() const { return runs_; }
  /// Clears the undo history, which belonged to another run.
  void clear_undo() { undo_.clear(); }

  /// Returns the runs that were replaced, which sent commands and opened runs add to.
  [[nodiscard]] FormerRuns& former_runs() { return former_; }
  /// Keeps the run on the screen, which is about to be replaced.
  void keep_run() { former_.keep(former_run_of(run_)); }

  /// Requests what the records lack of what the panels drew in the last frame.
  void ask_for_past() { past_.ask(run_, workspace_.card("sketch").has_value(), send_); }
  /// Returns the state at the step shown if it is known, else the latest; valid until the next
  /// call.
  [[nodiscard]] const run::LiveState& shown_state() { return past_.shown_state(run_); }

  /// Opens the editor of the prompt with this text.
  void write_prompt(std::string prompt) { prompt_editor_.open(std::move(prompt)); }
  /// Draws a card at the lower left of `area` if the context is full.
  void draw_context_end(const widgets::ControlContext& controls, const plot::Rect& area);
  void draw(const widgets::ControlContext& controls, const plot::Rect& window);

 private:
  void add_play_actions(widgets::ActionTable& actions);
  void add_measure_actions(widgets::ActionTable& actions);
  void add_until_actions(widgets::ActionTable& actions);
  void add_compare_actions(widgets::ActionTable& actions);
  void add_past_actions(widgets::ActionTable& actions);

  [[nodiscard]] const run::LiveState& state() const { return run_.state(); }
  /// Returns whether the run can continue: it is paused or running.
  [[nodiscard]] bool can_go_on() const;
  /// Returns whether what an eviction cost can be found out: the run is the engine's, not a file's.
  [[nodiscard]] bool can_ask_cost() const;

  ShownRun& run_;
  const Workspace& workspace_;
  panels::CommandSink send_;
  KnobUndo undo_;
  FormerRuns former_;
  PastState past_;
  RunsController runs_;
  PromptEditor prompt_editor_;
  BreakpointEditor breakpoint_editor_;
};

}  // namespace sketchscope::app
