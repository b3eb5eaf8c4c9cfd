#include "cli/trainer/train_flags.hpp"

namespace sketchscope::cli {

void TrainFlags::declare(Flags& flags) {
  flags.add("--out", directory, "folder for model, checkpoint and log (default: out/train)");
  flags.add("--steps", options.steps, {1, kAny}, "length of the whole schedule (default: 2100)");
  flags.add("--stop-after", options.stop_after, {1, kAny}, "end after this step of the schedule");
  flags.add("--threads", options.threads, {1, 64}, "threads at work (default: 2)");
  flags.add_switch("--check", check, "repeat the embedded model's first 200 steps and compare");
}

}  // namespace sketchscope::cli
