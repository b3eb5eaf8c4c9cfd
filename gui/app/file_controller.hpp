#pragma once

#include <cstdint>
#include <filesystem>

#include "gui/app/feed_controller.hpp"
#include "gui/app/file_dialogs.hpp"
#include "gui/app/recovery.hpp"
#include "gui/app/run_controller.hpp"
#include "gui/app/run_loader.hpp"
#include "gui/app/settings.hpp"
#include "gui/app/study_controller.hpp"

namespace sketchscope::app {

/// Opens models, saved runs, studies and texts that are picked, dropped or recent.
class FileController {
 public:
  struct Parts {
    platform::Platform& platform;
    ShownRun& run;
    RunController& control;
    StudyController& study;
    SettingsStore& settings;
    NoticeBoard& notices;
    driver::Recorder& recorder;
    widgets::ActionTable& actions;
  };
  explicit FileController(const Parts& parts)
      : parts_(parts), feeding_(parts.run, parts.control, parts.notices) {}

  void add_actions();
  /// Sets the loader, which must outlive this. Without one only studies and texts can be opened.
  void set_loader(RunLoader& loader) { loader_ = &loader; }

  /// Sets what keeps the run beside the window, which must outlive this, and offers what it found.
  void set_recovery(Recovery& recovery);
  /// Saves the run that is shown, before the window closes.
  void finish_recovery();

  /// Opens a path: a model or run in the background, a text as the prompt of a new run. Errors
  /// become messages.
  void open(const std::filesystem::path& path);
  /// Returns the opening in progress; null if there is none.
  [[nodiscard]] const LoadTask* opening() const;
  /// Returns the path of the run on the screen; empty if it is the one the window began with.
  [[nodiscard]] const std::filesystem::path& opened() const { return opened_.path; }

  /// Makes a former run again, or opens its file. Errors become messages.
  void make_again(const FormerRun& former);

  /// Returns the sentence that offers another model; empty where there is none to offer.
  [[nodiscard]] std::string model_offer() const;

  /// Opens dropped files and exchanges the run for an opened one. Call between frames.
  void exchange_run();
  /// Draws menu, picker and progress. Returns the part of `area` left for messages.
  plot::Rect draw(const widgets::ControlContext& controls, const plot::Rect& area,
                  const plot::Rect& window);

 private:
  void add_open_actions();
  void add_text_actions();
  void add_recent_actions();
  void add_former_actions();

  /// Opens a recognised path. Throws Error.
  void open_found(const OpenTarget& found);
  /// Replays the saved run that is shown, to continue it.
  void continue_run();
  void remember(const OpenTarget& opened);
  /// Sets the titles of the actions for recent paths.
  void title_recent();
  /// Sets the titles of the actions for former runs.
  void title_former();
  /// Begins a run that is given the tokens of a text or of a saved run. Errors become messages.
  void feed(const std::filesystem::path& path);
  /// Lays a saved run over the others. Errors become messages.
  void lay_over(const std::filesystem::path& path);

  Parts parts_;
  FeedController feeding_;
  RunLoader* loader_ = nullptr;
  Recovery* recovery_ = nullptr;  ///< null if no run is kept
  OpenTarget opening_;            ///< last attempt
  OpenTarget opened_;             ///< the present one
  FileMenu menu_;
  FilePicker picker_;
  std::uint64_t titled_former_ = 0;
};

}  // namespace sketchscope::app
