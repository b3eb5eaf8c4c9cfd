#pragma once

#include <string>
#include <utility>

#include "gui/app/breakpoint_editor.hpp"
#include "gui/app/knob_undo.hpp"
#include "gui/app/prompt_editor.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/app/time_travel.hpp"
#include "gui/driver/recorder.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope {

/// What a person does to the run: play, pause, stop where, knobs turned back, branch, compare, go
/// on from an earlier step. All commands of the window go through it.
class RunController {
 public:
  RunController(ShownRun& run, Recorder& recorder);
  RunController(const RunController&) = delete;
  RunController& operator=(const RunController&) = delete;

  void add_actions(ActionTable& actions);
  /// Sends a command as a widget does: it can be undone, and is recorded.
  [[nodiscard]] const CommandSink& send() const { return send_; }
  /// What was turned cannot be undone any more: it was another run's.
  void forget_turns() { undo_.clear(); }

  void ask_for_past() { past_.ask(run_, send_); }
  /// The latest state, or the one at the step shown once it is there; until the next call.
  [[nodiscard]] const LiveState& shown_state() { return past_.shown_state(run_); }

  /// Opens the editor of the prompt with this text.
  void write_prompt(std::string prompt) { prompt_editor_.open(std::move(prompt)); }
  /// A strip along the top of `area` that says that the context is full; returns where it ends.
  float draw_context_end(const ControlContext& controls, const Rect& area);
  /// The editors that are open.
  void draw(const ControlContext& controls, const Rect& window);

 private:
  void add_play_actions(ActionTable& actions);
  void add_measure_actions(ActionTable& actions);
  void add_until_actions(ActionTable& actions);
  void add_compare_actions(ActionTable& actions);

  [[nodiscard]] const LiveState& state() const { return run_.state(); }
  /// Paused or running.
  [[nodiscard]] bool can_go_on() const;

  ShownRun& run_;
  CommandSink send_;
  KnobUndo undo_;
  TimeTravel past_;
  PromptEditor prompt_editor_;
  BreakpointEditor breakpoint_editor_;
};

}  // namespace sketchscope
