#pragma once

#include <optional>
#include <string_view>

#include "gui/app/figure_controller.hpp"
#include "gui/app/settings_keeper.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/app/tour.hpp"
#include "gui/app/workspace.hpp"
#include "gui/driver/recorder.hpp"

namespace sketchscope {

/// The guided tour and the recorder: both speak the language of scripts.
class ScriptController {
 public:
  struct Parts {
    Stage& stage;
    ShownRun& run;
    Workspace& workspace;
    FigureController& figures;
    SettingsKeeper& settings;
    NoticeBoard& notices;
  };
  explicit ScriptController(const Parts& parts) : parts_(parts) {}

  void add_actions(ActionTable& actions);
  [[nodiscard]] Recorder& recorder() { return recorder_; }

  /// Carries out script lines between two frames; a mistake in them becomes a message. Nothing of
  /// it is recorded.
  void play(std::string_view script);
  /// Plays what was asked for in this frame.
  void end_frame();
  /// The page of the tour that is open, or the line that offers the tour.
  void draw(const ControlContext& controls, Canvas& overlay, const ActionTable& actions,
            const Rect& area);

 private:
  void add_tour_actions(ActionTable& actions);
  void add_record_actions(ActionTable& actions);
  [[nodiscard]] bool offers_tour() const;

  Parts parts_;
  Tour tour_;
  Recorder recorder_;
  std::optional<std::string_view> wanted_;  ///< script of a page of the tour
};

}  // namespace sketchscope
