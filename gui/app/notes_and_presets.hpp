#pragma once

#include <vector>

#include "gui/app/run_controller.hpp"
#include "gui/app/settings.hpp"
#include "gui/app/text_editors.hpp"
#include "gui/view/presets.hpp"

namespace sketchscope {

/// The editing of notes about steps and of a person's presets.
class NotesAndPresets {
 public:
  NotesAndPresets(ShownRun& run, RunController& control, SettingsStore& settings,
                  Recorder& recorder);

  void add_actions(ActionTable& actions);
  /// Returns the built-in presets, then a person's.
  [[nodiscard]] const std::vector<Preset>& presets() const { return presets_; }
  void draw(const ControlContext& controls, const Rect& window) {
    line_editor_.draw(controls, window);
  }

 private:
  void add_preset_actions(ActionTable& actions);
  /// Collects the built-in presets and a person's in one list.
  void gather_presets();

  ShownRun& run_;
  RunController& control_;
  SettingsStore& settings_;
  Recorder& recorder_;
  std::vector<Preset> presets_;
  LineEditor line_editor_;
};

}  // namespace sketchscope
