#pragma once

#include <vector>

#include "gui/app/run_controller.hpp"
#include "gui/app/settings.hpp"
#include "gui/app/text_editors.hpp"
#include "gui/view/presets.hpp"

namespace sketchscope::app {

/// The editing in one line: of notes about steps, of a person's presets, of knobs by name.
class NotesAndPresets {
 public:
  NotesAndPresets(ShownRun& run, RunController& control, SettingsStore& settings,
                  driver::Recorder& recorder);

  void add_actions(widgets::ActionTable& actions);
  /// Returns the built-in presets, then a person's.
  [[nodiscard]] const std::vector<view::Preset>& presets() const { return presets_; }
  void draw(const widgets::ControlContext& controls, const plot::Rect& window) {
    line_editor_.draw(controls, window);
  }

 private:
  void add_preset_actions(widgets::ActionTable& actions);
  void add_knob_actions(widgets::ActionTable& actions);
  /// Collects the built-in presets and a person's in one list.
  void gather_presets();

  ShownRun& run_;
  RunController& control_;
  SettingsStore& settings_;
  driver::Recorder& recorder_;
  std::vector<view::Preset> presets_;
  LineEditor line_editor_;
};

}  // namespace sketchscope::app
