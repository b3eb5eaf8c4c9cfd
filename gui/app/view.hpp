#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/model_directory.hpp"
#include "engine/run/worker.hpp"
#include "gui/app/figure.hpp"
#include "gui/app/opener.hpp"
#include "gui/driver/script_result.hpp"
#include "gui/plot/geometry.hpp"
#include "gui/view/step_window.hpp"

namespace sketchscope {

/// How large a window is where nobody says otherwise.
inline constexpr Size kDefaultWindow{1600, 1000};

/// Opens the window on a run of this model and returns when it is closed. Throws Error without a
/// display, saying how to run offscreen. `study` is a folder of results to open beside it.
void view_window(LoadedModel model, WorkerOptions options, ModelAccess models,
                 const std::filesystem::path& study = {});
/// The same on a run that was saved.
void view_window(const std::filesystem::path& run_file, ModelAccess models,
                 const std::filesystem::path& study = {});

/// A knob and what it is set to.
struct KnobValue {
  std::string knob;
  std::string value;
};

/// A knob to set before a step.
struct ScheduledChange {
  std::int64_t step = 0;
  KnobValue set;
};

/// A second run beside the first: the same prompt and seed.
struct ComparedRun {
  ComparedTokens tokens = ComparedTokens::own;  ///< that it is fed
  std::vector<KnobValue> knobs;                 ///< that are not those of the first
  std::vector<ScheduledChange> changes;         ///< before its own steps
};

struct OffscreenOptions {
  int frames = 60;  ///< to draw before the picture is taken
  Size size = kDefaultWindow;
  std::optional<std::filesystem::path> screenshot;  ///< its ending says in which format
  std::string panel;                                ///< empty: the window
  float scale = 1;                                  ///< of a PNG
  std::vector<ScheduledChange> changes;
  std::optional<ComparedRun> compare;      ///< of a live run; empty: it goes on alone
  std::optional<std::int64_t> at;          ///< the step that is shown; empty: the last
  int layer = 0;                           ///< in the panels that show one
  std::optional<StepRange> range;          ///< of all step axes; empty: the whole run
  std::vector<std::string> actions;        ///< run before the picture is taken
  std::vector<std::string> first_actions;  ///< run before the first frame
  std::filesystem::path study;             ///< a folder of results to open beside the run
  PanelChoice study_choice;                ///< which of its rows are shown
};

struct OffscreenResult {
  int frames = 0;
  std::int64_t steps = 0;      ///< of the run, when the last frame was drawn
  double frame_ms_median = 0;  ///< of the processor, to build a frame
  double frame_ms_p99 = 0;
  std::vector<double> frame_ms;  ///< of each frame, oldest first
};

/// The same window without a display: one frame a step, as fast as the engine makes them. Throws
/// Error if nothing can be drawn or written, or the run fails.
OffscreenResult view_offscreen(LoadedModel model, WorkerOptions options,
                               const OffscreenOptions& offscreen);
/// Likewise a run that was saved; its steps are all there in the first frame. Throws UsageError
/// where a second run is asked for.
OffscreenResult view_offscreen(const std::filesystem::path& run_file,
                               const OffscreenOptions& offscreen);

/// Drives the same window by a script; pictures, log and JUnit results go to `out`. Throws Error on
/// a script that cannot be read.
ScriptResult run_script_offscreen(LoadedModel model, WorkerOptions options, ModelAccess models,
                                  const std::filesystem::path& script,
                                  const std::filesystem::path& out, Size size = kDefaultWindow);

}  // namespace sketchscope
