#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "gui/app/settings.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/app/text_editors.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope::app {

/// Returns the name of a file without its ending that says what is in it, `what`, and of which run:
/// "sketchscope-memory-tales-sketch-128-run1-step200". Letters of the model's name that are no good
/// in file names become hyphens.
std::string export_name(const std::string& what, const view::History& history,
                        const run::ModelInfo& model, const settings::Knobs& knobs);

/// The place that actions save files to: the folder that was chosen, which the settings keep, and
/// the question for another name.
class ExportPlace {
 public:
  ExportPlace(ShownRun& run, SettingsStore& settings) : run_(run), settings_(settings) {}

  void add_actions(widgets::ActionTable& actions);
  /// Draws the question, if one is open.
  void draw(const widgets::ControlContext& context, const plot::Rect& window) {
    editor_.draw(context, window);
  }

  /// Sets a folder that comes before the chosen one.
  void set_folder(std::filesystem::path folder) { given_ = std::move(folder); }
  /// Returns the folder; by default the one in which the program was started.
  [[nodiscard]] std::filesystem::path folder() const;
  /// Returns a path in that folder that is named after the run.
  [[nodiscard]] std::filesystem::path path_of(const std::string& what,
                                              const std::string& ending) const;

  struct Question {
    std::string title;            ///< "Save Memory as"
    std::string hint;             ///< what the ending may be
    std::filesystem::path first;  ///< the path that is offered
    /// Throws Error on a path that nothing can be saved to, such as one of an unknown ending.
    std::function<void(const std::filesystem::path&)> check;
    std::function<void(const std::filesystem::path&)> save;
  };
  /// Asks for a path, whose folder is chosen with it. An existing file is replaced only where Enter
  /// is pressed again.
  void ask(Question question);

 private:
  /// Takes the typed folder. Throws Error if it is none.
  void choose_folder(const std::filesystem::path& folder);

  ShownRun& run_;
  SettingsStore& settings_;
  LineEditor editor_;
  std::filesystem::path given_;
  std::filesystem::path replaces_;  ///< the file of which it was said that it is there
};

}  // namespace sketchscope::app
