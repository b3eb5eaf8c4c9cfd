#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/model/model_directory.hpp"
#include "engine/run/worker.hpp"
#include "engine/settings/knob_changes.hpp"
#include "gui/app/figure.hpp"
#include "gui/app/run_loader.hpp"
#include "gui/driver/run_script.hpp"
#include "gui/plot/canvas.hpp"
#include "gui/view/step_axis.hpp"

namespace sketchscope::app {

inline constexpr plot::Size kDefaultWindow{1600, 1000};

/// Opens the window on a run of this model and returns when it is closed, which a requested stop
/// does too. `study` is a folder of results to open with it. Throws Error without a display, with
/// how to run offscreen as remedy.
void view_window(model::LoadedModel model, run::WorkerOptions options, ModelAccess models,
                 const std::stop_token& stop, const std::filesystem::path& study = {});
/// Opens the window on a saved run.
void view_window(const std::filesystem::path& run_file, ModelAccess models,
                 const std::stop_token& stop, const std::filesystem::path& study = {});

/// A knob change before a given step.
struct ScheduledChange {
  std::int64_t step = 0;
  settings::KnobValue set;
};

/// A second run for comparison, with the first one's prompt and seed.
struct ComparedRun {
  run::ComparedTokens tokens = run::ComparedTokens::own;  ///< token source
  std::vector<settings::KnobValue> knobs;  ///< initial knobs that differ from the first's
  std::vector<ScheduledChange> changes;    ///< by its own steps
};

/// The step, the position, the eviction, the table, the ranges and the evictions that a figure
/// shows.
struct LookedAt {
  std::optional<std::int64_t> at;                ///< step; empty for the last
  std::optional<int> position;                   ///< of a token; empty for none
  std::optional<widgets::EvictionKey> eviction;  ///< the one that is explained; empty: the newest
  int layer = 0;
  int head = 0;                                  ///< where each has a table
  std::optional<view::StepRange> range;          ///< of step axes; empty for the whole run
  std::optional<view::PositionRange> positions;  ///< of axes of positions; empty for all
  panels::PanelChoice evictions = {};            ///< lines of the table of evictions
};

/// What is drawn without a display, and what is written of it.
struct OffscreenOptions {
  int frames = 60;  ///< frames drawn before the picture
  plot::Size size = kDefaultWindow;
  std::optional<std::filesystem::path> screenshot;  ///< the ending selects the format
  std::string panel;                                ///< empty: the window
  float scale = 1;                                  ///< scale of a PNG
  std::optional<plot::Size> figure_size;            ///< pixels of the picture at scale 1
  std::optional<PrintSize> print;                   ///< the picture is a figure for print
  std::vector<ScheduledChange> changes;
  std::optional<ComparedRun> compare;  ///< compared run, if any; only for a live run
  /// Changes of the first one's knobs for each further run; only for a live run.
  std::vector<std::string> runs;
  std::vector<std::filesystem::path> laid_over;  ///< saved runs that are shown over it
  LookedAt look;
  std::vector<std::string> actions;        ///< actions run before the picture
  std::vector<std::string> first_actions;  ///< actions run before the first frame
  std::filesystem::path study;             ///< folder of results to open
  panels::PanelChoice study_choice;        ///< rows of the study that are shown
  std::stop_token stop;                    ///< ends drawing without a picture
};

/// What was drawn, and how long it took.
struct OffscreenResult {
  int frames = 0;
  std::int64_t steps = 0;        ///< steps of the run at the last frame
  double frame_ms_median = 0;    ///< median processor time of a frame
  double frame_ms_p99 = 0;       ///< the 99th percentile of the same
  std::vector<double> frame_ms;  ///< processor time of each frame, oldest first
};

/// Draws the window offscreen, one frame per step at full speed. Throws Error if drawing, writing
/// or the run fails, Cancelled after a requested stop.
OffscreenResult view_offscreen(model::LoadedModel model, run::WorkerOptions options,
                               const OffscreenOptions& offscreen);
/// Draws a saved run offscreen, with all its steps in the first frame. Throws UsageError if a
/// compared run is requested.
OffscreenResult view_offscreen(const std::filesystem::path& run_file,
                               const OffscreenOptions& offscreen);

/// Runs a script on the offscreen window; pictures, log and JUnit results go to `out`. A requested
/// stop ends it as run_script() says. Throws Error if the script cannot be read.
driver::ScriptResult run_script_offscreen(model::LoadedModel model, run::WorkerOptions options,
                                          ModelAccess models, const std::filesystem::path& script,
                                          const std::filesystem::path& out,
                                          const std::stop_token& stop,
                                          plot::Size size = kDefaultWindow);

}  // namespace sketchscope::app
