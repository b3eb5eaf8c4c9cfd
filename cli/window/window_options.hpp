#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/common_options.hpp"
#include "cli/flags.hpp"
#include "cli/prompt_options.hpp"
#include "cli/window/figure_look_options.hpp"
#include "cli/window/figure_size_options.hpp"
#include "cli/window/figure_study_options.hpp"
#include "engine/run/worker.hpp"
#include "gui/app/run_loader.hpp"
#include "gui/app/view.hpp"

namespace sketchscope::cli {

/// The flags of all subcommands that show the window, on a display or offscreen.
class WindowOptions {
 public:
  void declare(Flags& flags);

  [[nodiscard]] model::LoadedModel open(const std::stop_token& stop) const {
    return common_.open(stop);
  }
  [[nodiscard]] run::WorkerOptions worker(const model::LoadedModel& model,
                                          const std::stop_token& stop) const;
  /// Returns how the window opens other models: on the same device and with the same weight type.
  [[nodiscard]] app::ModelAccess models() const;

 private:
  [[nodiscard]] std::string prompt(const model::LoadedModel& model,
                                   const std::stop_token& stop) const;

  CommonOptions common_;
  PromptText prompt_;
  bool without_twin_ = false;
  int speed_ = 10;
};

/// The flags of a figure that is drawn offscreen, which the window's "copy as command" writes.
class FigureOptions {
 public:
  void declare(Flags& flags);

  [[nodiscard]] bool is_wanted() const { return !screenshot_.empty(); }
  [[nodiscard]] const std::filesystem::path& file() const { return screenshot_; }
  /// Returns the options of drawing until a stop. Throws UsageError if flags contradict each other.
  [[nodiscard]] app::OffscreenOptions offscreen(const std::stop_token& stop) const;
  /// Returns the folder of results to open with the run; empty if none.
  [[nodiscard]] const std::filesystem::path& study() const { return study_.folder(); }

 private:
  /// The runs that are drawn beside the first.
  struct OtherRuns {
    bool compares = false;  ///< whether there is a second one
    app::ComparedRun second;
    std::vector<std::string> further;              ///< changes of knobs, a text for each run
    std::vector<std::filesystem::path> laid_over;  ///< files of saved runs
  };

  void declare_second_run(Flags& flags);

  int frames_ = 60;
  std::filesystem::path screenshot_;
  int width_ = static_cast<int>(app::kDefaultWindow.width);
  int height_ = static_cast<int>(app::kDefaultWindow.height);
  std::optional<std::string> panel_;
  float scale_ = 1;
  FigureSizeOptions size_;
  std::vector<app::ScheduledChange> changes_;
  OtherRuns others_;
  FigureStudyOptions study_;
  FigureLookOptions look_;
  std::vector<std::string> actions_;
};

}  // namespace sketchscope::cli
