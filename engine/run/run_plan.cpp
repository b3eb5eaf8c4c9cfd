#include "engine/run/run_plan.hpp"

#include <algorithm>
#include <utility>

namespace sketchscope::run {

RunOptions new_run(const WorkerOptions& options, const settings::Knobs& knobs,
                   std::vector<int> prompt) {
  return {.knobs = knobs,
          .prompt = std::move(prompt),
          .twin = options.twin,
          .audit = options.audit,
          .keep_attention = true,
          .threads = options.threads,
          .keyframe_interval = kKeyframeInterval};
}

std::vector<RunOptions> new_runs(const WorkerOptions& options, std::span<const WatchedSlot> slots,
                                 const std::vector<int>& prompt) {
  std::vector<RunOptions> runs;
  for (const WatchedSlot& slot : slots) runs.push_back(new_run(options, slot.wanted, prompt));
  return runs;
}

std::vector<RunOptions> replayed_runs(const WorkerOptions& options,
                                      std::span<const WatchedSlot> slots) {
  std::vector<RunOptions> runs;
  for (const WatchedSlot& slot : slots) {
    runs.push_back(replay_options(*slot.run, new_run(options, slot.wanted, {})));
  }
  return runs;
}

RunOptions rebuilt_run(const WorkerOptions& options, const WatchedSlot& slot) {
  RunOptions run = replay_options(*slot.run, new_run(options, slot.wanted, {}));
  run.knobs = slot.wanted;
  run.knob_schedule.clear();
  return run;
}

RunOptions recorded_run(const WorkerOptions& options, const Recording& recording,
                        std::vector<int> prompt) {
  const bool begins = std::ranges::mismatch(recording.prompt, prompt).in1 == recording.prompt.end();
  RunOptions run = new_run(options, recording.knobs, begins ? std::move(prompt) : recording.prompt);
  run.forced = recording.generated;
  run.knob_schedule = recording.schedule;
  return run;
}

}  // namespace sketchscope::run
