#include "engine/bench/seek_bench.hpp"

#include <algorithm>

#include "engine/core/random.hpp"
#include "engine/core/timing.hpp"
#include "engine/run/layer_states.hpp"
#include "engine/run/watched_run.hpp"

namespace sketchscope {

std::vector<BenchRow> bench_seek(const SeekBenchOptions& options) {
  WatchedRun run(options.model, {.knobs = options.knobs,
                                 .prompt = options.prompt,
                                 .twin = true,
                                 .audit = true,
                                 .keep_attention = true,
                                 .threads = options.threads,
                                 .keyframe_interval = kKeyframeInterval});
  while (run.steps() < options.steps && !run.at_context_end()) run.step();

  BenchRow seeks{.what = "seek",
                 .lanes = 1,
                 .dtype = options.model->dtype_name(),
                 .context = static_cast<int>(run.steps()),
                 .policy = options.knobs.policy.name()};
  SplitMix64 random(options.knobs.seed);
  double slowest = 0;
  for (int seek = 0; seek < options.seeks; ++seek) {
    const auto step = 1 + random.below(static_cast<std::uint64_t>(run.steps()));
    const Stopwatch watch;
    const auto then = run.fork_at(static_cast<std::int64_t>(step));
    (void)layer_states(then->lane(), then->twin());
    slowest = std::max(slowest, watch.elapsed_ms());
    seeks.times.add(watch.elapsed_ms());
  }
  BenchRow worst = seeks;
  worst.what = "seek, the slowest";
  worst.times = {};
  worst.times.add(slowest);
  return {seeks, worst};
}

}  // namespace sketchscope
