#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gui/app/figure_controller.hpp"
#include "gui/app/former_runs.hpp"
#include "gui/app/settings.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/app/tour.hpp"
#include "gui/app/workspace.hpp"
#include "gui/driver/recorder.hpp"

namespace sketchscope::app {

/// The guided tour and the recorder, which both use the script language.
class ScriptController {
 public:
  struct Parts {
    driver::DrivenWindow& window;
    ShownRun& run;
    Workspace& workspace;
    FigureController& figures;
    SettingsStore& settings;
    NoticeBoard& notices;
    /// Makes a former run again.
    std::function<void(const FormerRun&)> make_again;
  };
  explicit ScriptController(const Parts& parts) : parts_(parts) {}

  void add_actions(widgets::ActionTable& actions);
  [[nodiscard]] driver::Recorder& recorder() { return recorder_; }

  /// Runs script lines between two frames without recording them. Errors become messages.
  void play(std::string_view script);
  /// Runs the script that was requested in this frame.
  void end_frame();
  /// Draws the open page of the tour, or the offer of the tour with `hint` below it.
  void draw(const widgets::ControlContext& controls, plot::Canvas& overlay,
            const widgets::ActionTable& actions, const plot::Rect& area, const std::string& hint);

 private:
  void add_tour_actions(widgets::ActionTable& actions);
  /// Closes the tour and brings back the run and the knobs that it found.
  void end_tour();
  [[nodiscard]] bool offers_tour() const;

  Parts parts_;
  Tour tour_;
  driver::Recorder recorder_;
  std::optional<std::string_view> wanted_;  ///< requested script of a tour page
  std::optional<FormerRun> before_tour_;    ///< the run that the tour's first script replaced
};

}  // namespace sketchscope::app
