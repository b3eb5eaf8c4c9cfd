#include <array>

#include "cli/bench_kinds.hpp"
#include "gui/app/view.hpp"

namespace sketchscope {
namespace {

/// Times one frame of the window per step, with twin and audit, every panel on a large screen, and
/// a history that grows to a thousand steps.
std::vector<BenchRow> run_ui(const BenchRun& run) {
  constexpr int kFrames = 1000;
  constexpr Size kLargeScreen{2560, 1440};
  const Knobs knobs = run.common.knobs();
  const OffscreenOptions offscreen{.frames = run.request.rounds > 0 ? run.request.rounds : kFrames,
                                   .size = kLargeScreen,
                                   .first_actions = {"all_panels"}};
  LoadedModel model = run.common.open();
  const std::string dtype = model.model->dtype_name();
  run.machine.measure();
  const OffscreenResult result =
      view_offscreen(std::move(model),
                     {.knobs = knobs,
                      .prompt = run.common.uses_embedded_model() ? "One day" : "",
                      .audit = run.common.audit(),
                      .threads = run.common.threads()},
                     offscreen);
  BenchRow row{.what = "ui", .lanes = 1, .dtype = dtype, .policy = knobs.policy.name()};
  for (const double milliseconds : result.frame_ms) row.times.add(milliseconds);
  BenchRow slowest = row;
  slowest.what = "ui, 99th percentile";
  slowest.times = {};
  slowest.times.add(result.frame_ms_p99);
  return {row, slowest};
}

constexpr std::array kBenchKinds = {
    BenchKind{"ui", "building a frame of the window", run_ui},
};

}  // namespace

std::span<const BenchKind> window_bench_kinds() {
  return kBenchKinds;
}

}  // namespace sketchscope
