#pragma once

#include <filesystem>

#include "gui/app/file_menu.hpp"
#include "gui/app/file_picker.hpp"
#include "gui/app/opener.hpp"
#include "gui/app/run_controller.hpp"
#include "gui/app/settings_keeper.hpp"
#include "gui/app/study_controller.hpp"

namespace sketchscope {

/// What the window opens: models, saved runs, studies, texts; picked, dropped, opened lately.
class FileController {
 public:
  struct Parts {
    Platform& platform;
    ShownRun& run;
    RunController& control;
    StudyController& study;
    SettingsKeeper& settings;
    NoticeBoard& notices;
    Recorder& recorder;
    ActionTable& actions;
  };
  explicit FileController(const Parts& parts) : parts_(parts) {}

  void add_actions();
  /// Without one only studies and texts can be opened; must outlive this.
  void set_opener(Opener& opener) { opener_ = &opener; }

  /// A model or a run in the background; a text begins anew. What is wrong with it becomes a
  /// message.
  void open(const std::filesystem::path& path);
  /// What is being opened; null while nothing is.
  [[nodiscard]] const Opening* opening() const;
  /// Where the run on the screen was opened from; empty: it is the one the window began with.
  [[nodiscard]] const std::filesystem::path& opened() const { return opened_.path; }

  /// Between two frames: opens what was dropped, and takes up a run that has been opened.
  void exchange_run();
  /// Menu, picker, and what is being opened; returns what is left of `area` for messages.
  Rect draw(const ControlContext& controls, const Rect& area, const Rect& window);

 private:
  void add_open_actions();
  void add_text_actions();
  void add_recent_actions();

  /// Opens what was found at the path. Throws Error.
  void open_found(const Openable& found);
  /// Makes the saved run that is shown again, to go on from its end.
  void continue_run();
  void remember(const Openable& opened);
  /// Actions for what was opened lately carry its name.
  void title_recent();

  Parts parts_;
  Opener* opener_ = nullptr;
  Openable opening_;  ///< tried last
  Openable opened_;   ///< taken up last
  FileMenu menu_;
  FilePicker picker_;
};

}  // namespace sketchscope
