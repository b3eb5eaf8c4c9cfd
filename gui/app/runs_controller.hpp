#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gui/app/knob_undo.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/app/text_editors.hpp"
#include "gui/app/workspace.hpp"
#include "gui/driver/recorder.hpp"
#include "gui/view/run_set.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope::app {

/// The runs that are shown over each other: those of the session, and saved ones that are laid over
/// them. Adds and removes runs, and keeps what a person chose about them.
class RunsController {
 public:
  /// The parts of the window that it works on.
  struct Parts {
    ShownRun& run;
    const panels::CommandSink& send;
    KnobUndo& undo;
    Workspace& workspace;
    driver::Recorder& recorder;
  };
  explicit RunsController(const Parts& parts) : parts_(parts) {}

  void add_actions(widgets::ActionTable& actions);

  /// Collects the runs anew, after records were read.
  void update();
  [[nodiscard]] view::RunSet& set() { return set_; }
  [[nodiscard]] const view::RunSet& set() const { return set_; }

  /// Lays a saved run over the others. Throws Error if it cannot be read, UsageError if there are
  /// kMostRuns already.
  void lay_over(const std::filesystem::path& file);
  /// Returns the actions that make the choice what it is.
  [[nodiscard]] std::vector<std::string> looks() const;
  /// Returns the files of the saved runs.
  [[nodiscard]] std::vector<std::filesystem::path> saved_files() const;

  void draw(const widgets::ControlContext& controls, const plot::Rect& window) {
    line_editor_.draw(controls, window);
  }

 private:
  /// A saved run, which never changes.
  struct Saved {
    std::size_t place = 0;
    std::filesystem::path file;
    settings::Knobs knobs;
    view::History history;
  };

  void add_run_actions(widgets::ActionTable& actions);
  void add_choice_actions(widgets::ActionTable& actions);
  void add_place_actions(widgets::ActionTable& actions, std::size_t place);

  void add_run(const settings::Knobs& knobs);
  void remove(std::size_t place);
  [[nodiscard]] bool can_add() const;
  /// Returns the present knobs with the first seeds that no run has.
  [[nodiscard]] settings::Knobs with_other_seeds() const;
  /// Returns what a run is called, computed anew only if its knobs or those in front changed.
  const std::string& name_of(std::size_t place, const settings::Knobs& knobs);
  /// Shows the panel of the runs where two have their own.
  void bring_to_front();

  Parts parts_;
  view::RunSet set_;
  std::vector<std::unique_ptr<Saved>> saved_;
  /// A name and the knobs that it was made of.
  struct Named {
    settings::Knobs own;
    settings::Knobs in_front;
    std::string name;
  };
  std::array<Named, run::kMostRuns> names_;
  LineEditor line_editor_;
};

}  // namespace sketchscope::app
