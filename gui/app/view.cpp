#include "gui/app/view.hpp"

#include <chrono>
#include <utility>

#include "engine/core/error.hpp"
#include "gui/app/app.hpp"
#include "gui/app/worker_source.hpp"
#include "gui/driver/run_script.hpp"
#include "gui/platform/desktop.hpp"
#include "gui/platform/offscreen.hpp"

namespace sketchscope {
namespace {

constexpr double kWaitSeconds = 0.02;
constexpr std::chrono::seconds kLongestStep(120);

/// Has the engine make one step and waits for it; false if the run cannot go on.
bool make_step(Platform& platform, RunSource& source) {
  const std::int64_t before = source.state()->steps;
  source.send(command::Step{1}, {});
  const auto give_up = std::chrono::steady_clock::now() + kLongestStep;
  while (std::chrono::steady_clock::now() < give_up) {
    const bool idle = source.idle();
    const auto state = source.state();
    if (state->steps > before) return true;
    if (state->phase == RunPhase::failed) {
      std::string reasons;
      for (const Notice& notice : source.take_notices()) reasons += notice.text + "\n";
      throw Error({.what = "the run failed", .found = reasons});
    }
    if (idle && state->phase == RunPhase::at_context_end) return false;
    platform.wait(kWaitSeconds);
  }
  throw Error({.what = "no step came",
               .found = "none in " + std::to_string(kLongestStep.count()) + " s",
               .expected = "a step",
               .remedy = "Try a smaller model or a shorter prompt"});
}

}  // namespace

void view_window(LoadedModel model, WorkerOptions options) {
  const auto platform = open_desktop("SketchScope · " + model.name, kDefaultWindow);
  WorkerSource source(std::move(model), std::move(options), platform->waker());
  App(*platform, source).run();
}

OffscreenResult view_offscreen(LoadedModel model, WorkerOptions options,
                               const OffscreenOptions& offscreen) {
  const auto platform = open_offscreen(offscreen.size);
  // Step by step, so that the same command gives the same picture on every machine.
  options.running = false;
  WorkerSource source(std::move(model), std::move(options), platform->waker());
  App app(*platform, source);
  std::vector<double> frame_ms;
  for (int frame = 0; frame < offscreen.frames; ++frame) {
    make_step(*platform, source);
    app.frame();
    frame_ms.push_back(app.frame_times().latest());
  }
  // What was found under the mouse or measured in a first frame is settled in the next.
  app.frame();
  if (offscreen.screenshot) app.save_screenshot(*offscreen.screenshot);
  return {.frames = offscreen.frames,
          .steps = app.state().steps,
          .frame_ms_median = app.frame_times().percentile(0.5).value_or(0),
          .frame_ms_p99 = app.frame_times().percentile(0.99).value_or(0),
          .frame_ms = std::move(frame_ms)};
}

ScriptResult run_script_offscreen(LoadedModel model, WorkerOptions options,
                                  const std::filesystem::path& script,
                                  const std::filesystem::path& out, Size size) {
  const auto platform = open_offscreen(size);
  WorkerSource source(std::move(model), std::move(options), platform->waker());
  App app(*platform, source);
  return run_script(app, script, out);
}

}  // namespace sketchscope
