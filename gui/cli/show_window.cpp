#include "gui/cli/show_window.hpp"

#include <chrono>
#include <thread>

#include "gui/app/app.hpp"
#include "gui/app/worker_source.hpp"
#include "gui/platform/desktop.hpp"
#include "gui/platform/offscreen.hpp"

namespace sketchscope {
namespace {

Size window_size(const WindowOptions& options) {
  return {static_cast<float>(options.width()), static_cast<float>(options.height())};
}

/// Makes one step and waits until it is published, or until the run can go no further.
void make_step(RunSource& source) {
  using namespace std::chrono_literals;
  const auto before = source.state()->steps;
  source.send(command::Step{.count = 1}, {});
  while (true) {
    const auto state = source.state();
    const bool stuck = state->phase == RunPhase::failed || state->phase == RunPhase::at_context_end;
    if (state->steps > before || (stuck && source.idle())) return;
    std::this_thread::sleep_for(200us);
  }
}

}  // namespace

void show_window(const WindowOptions& options) {
  const WorkerOptions worker = options.worker();
  const auto platform = open_desktop("SketchScope", window_size(options));
  WorkerSource source(options.open(), worker, platform->waker());
  App(*platform, source).run();
}

void use_offscreen_window(const WindowOptions& options, const WorkerOptions& worker,
                          const std::function<void(App&)>& use) {
  const auto platform = open_offscreen(window_size(options));
  WorkerSource source(options.open(), worker, platform->waker());
  App app(*platform, source);
  use(app);
}

void show_offscreen(const WindowOptions& options, const OffscreenView& view) {
  constexpr int kFramesPerStep = 6;
  WorkerOptions worker = options.worker();
  worker.running = false;
  use_offscreen_window(options, worker, [&](App& app) {
    for (int frame = 0; frame < view.frames; ++frame) {
      if (frame % kFramesPerStep == 0) make_step(app.source());
      app.frame();
    }
    if (!view.screenshot.empty()) app.save_screenshot(view.screenshot);
  });
}

}  // namespace sketchscope
