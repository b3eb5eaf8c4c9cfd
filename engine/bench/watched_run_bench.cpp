#include "engine/bench/watched_run_bench.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/core/timing.hpp"
#include "engine/run/live_state.hpp"
#include "engine/run/run_control.hpp"
#include "engine/run/watched_run.hpp"

namespace sketchscope::bench {
namespace {

std::string random_prompt(int tokens, int vocabulary, std::uint64_t seed) {
  core::SplitMix64 random(seed);
  std::string ids;
  for (int token = 0; token < tokens; ++token) {
    ids += std::to_string(random.below(static_cast<std::uint64_t>(vocabulary))) + " ";
  }
  return ids;
}

void check_context(int context, const PublishBenchOptions& options) {
  const int positions = options.model.model->config().positions;
  if (context >= 1 && context + options.rounds + 1 <= positions) return;
  throw core::Error({.what = "context to publish at",
                     .found = std::to_string(context),
                     .expected = "1 to " + std::to_string(positions - options.rounds - 1) +
                                 ", so that the rounds fit behind it"});
}

/// A watched run that was fed a prompt of the given length and one more token.
class BenchedRun {
 public:
  BenchedRun(const PublishBenchOptions& options, int context)
      : control_(ids_only(options.model), worker_options(options, context), logs_) {
    control_.start();
    step();
    step();
  }

  /// Makes one step and returns its milliseconds.
  double step() {
    control_.carry_out(run::command::Step{1});
    control_.step();
    return logs_[0].read(0, 0).records.back()->times.total_ms;
  }
  double publish() { return control_.live_state().publish_ms->back(); }

 private:
  static model::LoadedModel ids_only(model::LoadedModel model) {
    model.tokenizer = nullptr;
    return model;
  }
  static run::WorkerOptions worker_options(const PublishBenchOptions& options, int context) {
    const int vocabulary = options.model.model->config().vocabulary;
    return {.knobs = options.knobs,
            .prompt = random_prompt(context, vocabulary, options.knobs.seed),
            .running = false,
            .threads = options.threads};
  }

  std::array<record::RecordLog, 1> logs_;
  run::RunControl control_;
};

}  // namespace

std::vector<BenchRow> bench_publish(const PublishBenchOptions& options,
                                    const core::ProgressSink& progress,
                                    const std::stop_token& stop) {
  for (const int context : options.contexts) check_context(context, options);
  std::vector<BenchRow> rows;
  double done = 0;
  for (const int context : options.contexts) {
    BenchedRun run(options, context);
    BenchRow steps{.what = "watched step",
                   .lanes = 2,
                   .dtype = options.model.model->dtype_name(),
                   .context = context,
                   .policy = options.knobs.policy.name()};
    BenchRow publishing = steps;
    publishing.what = "publishing";
    for (int round = 0; round < options.rounds; ++round) {
      if (stop.stop_requested()) break;
      steps.times.add(run.step());
      publishing.times.add(run.publish());
    }
    if (steps.times.empty()) break;
    rows.push_back(std::move(steps));
    rows.push_back(std::move(publishing));
    if (progress) progress(++done / static_cast<double>(options.contexts.size()));
    if (stop.stop_requested()) break;
  }
  return rows;
}

std::vector<BenchRow> bench_seek(const SeekBenchOptions& options, const std::stop_token& stop) {
  run::WatchedRun run(options.model, {.knobs = options.knobs,
                                      .prompt = options.prompt,
                                      .twin = true,
                                      .audit = true,
                                      .keep_attention = true,
                                      .threads = options.threads,
                                      .keyframe_interval = run::kKeyframeInterval});
  while (run.steps() < options.steps && !run.at_context_end()) {
    if (stop.stop_requested()) return {};
    run.step();
  }

  BenchRow seeks{.what = "seek",
                 .lanes = 1,
                 .dtype = options.model->dtype_name(),
                 .context = static_cast<int>(run.steps()),
                 .policy = options.knobs.policy.name()};
  core::SplitMix64 random(options.knobs.seed);
  double slowest = 0;
  for (int seek = 0; seek < options.seeks && !stop.stop_requested(); ++seek) {
    const auto step = 1 + random.below(static_cast<std::uint64_t>(run.steps()));
    const core::Stopwatch watch;
    const auto then = run.fork_at(static_cast<std::int64_t>(step));
    (void)run::layer_states(then->lane(), then->twin());
    slowest = std::max(slowest, watch.elapsed_ms());
    seeks.times.add(watch.elapsed_ms());
  }
  if (seeks.times.empty()) return {};
  BenchRow worst = seeks;
  worst.what = "seek, the slowest";
  worst.times = {};
  worst.times.add(slowest);
  return {seeks, worst};
}

}  // namespace sketchscope::bench
