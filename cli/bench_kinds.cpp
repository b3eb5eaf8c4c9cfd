#include "cli/bench_kinds.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "cli/common_options.hpp"
#include "cli/output.hpp"
#include "engine/bench/decode_bench.hpp"
#include "engine/bench/kernel_bench.hpp"
#include "engine/bench/prefill_bench.hpp"
#include "engine/bench/watched_run_bench.hpp"
#include "engine/core/files.hpp"
#include "engine/model/number_conversion.hpp"
#include "engine/model/random_checkpoint.hpp"

namespace sketchscope::cli {
namespace {

constexpr std::uint64_t kSeed = 1;

/// A model to measure, which is loaded once per weight type.
struct BenchModel {
  std::string what;
  std::function<std::shared_ptr<const model::Model>(checkpoint::WeightDtype)> open;
};

std::shared_ptr<const model::Model> random_gpt2_124m(checkpoint::WeightDtype dtype,
                                                     const model::ModelOptions& options) {
  const model::ModelConfig config;
  return std::make_shared<const model::Model>(config, model::random_checkpoint(config, kSeed),
                                              dtype, options);
}

/// Returns the directory given, else the 124M shape with random weights, the embedded model, or
/// both.
std::vector<BenchModel> models_of(const std::string& what, const BenchRun& run) {
  const auto open = [&run](checkpoint::WeightDtype dtype) {
    return run.common.open(dtype, run.stop).model;
  };
  if (!run.common.uses_embedded_model()) return {{what, open}};
  const auto random = [&run](checkpoint::WeightDtype dtype) {
    return random_gpt2_124m(dtype, run.common.model_options());
  };
  std::vector<BenchModel> models;
  if (run.request.shape != "embedded") models.push_back({what, random});
  if (run.request.shape != "124m") models.push_back({what + "-embedded", open});
  return models;
}

std::vector<checkpoint::WeightDtype> dtypes_of(const BenchRun& run) {
  if (const auto dtype = run.common.dtype()) return {*dtype};
  return {checkpoint::WeightDtype::f32, checkpoint::WeightDtype::f16, checkpoint::WeightDtype::bf16,
          checkpoint::WeightDtype::int8};
}

/// Calls measure(model, dtype) for every model and weight type until a stop is requested.
template <class Measure>
void for_each_model(const std::string& what, const BenchRun& run, Measure measure) {
  for (const BenchModel& model : models_of(what, run)) {
    for (const checkpoint::WeightDtype dtype : dtypes_of(run)) {
      if (run.stop.stop_requested()) return;
      measure(model, dtype);
    }
  }
}

void append(std::vector<bench::BenchRow>& rows, std::vector<bench::BenchRow> more) {
  std::ranges::move(more, std::back_inserter(rows));
}

/// Returns a full cache with equally many slots, the policy, and the policy with audit and twin.
std::vector<bench::DecodeSetting> settings_of(const BenchRun& run) {
  const settings::Knobs knobs = run.common.knobs({.policy = "full"});
  const int context = run.request.context > 0 ? run.request.context : 128;
  if (!knobs.policy->evicts) return {{.knobs = knobs, .context = context}};
  settings::Knobs full = knobs;
  full.policy = "full";
  return {{.knobs = full, .context = std::min(context, knobs.max_cache_size)},
          {.knobs = knobs, .context = context},
          {.knobs = knobs, .context = context, .audit = true},
          {.knobs = knobs, .context = context, .audit = true, .twin = true}};
}

/// Times the steps of every model under these options, but for what the request says otherwise.
std::vector<bench::BenchRow> run_steps(const std::string& what, const BenchRun& run,
                                       bench::DecodeBenchOptions options) {
  if (!run.request.lanes.empty()) options.lanes = run.request.lanes;
  if (run.request.rounds > 0) options.rounds = run.request.rounds;
  std::vector<bench::BenchRow> rows;
  for_each_model(what, run, [&](const BenchModel& model, checkpoint::WeightDtype dtype) {
    options.what = model.what;
    options.model = model.open(dtype);
    Progress progress(model.what + " " + options.model->dtype_name());
    append(rows, bench::bench_decode(options, run.machine, progress.sink(), run.stop));
  });
  return rows;
}

std::vector<bench::BenchRow> run_decode(const BenchRun& run) {
  return run_steps(
      "decode", run,
      {.settings = settings_of(run), .threads = run.common.threads(), .writer = run.writer});
}

/// Takes the steps of run_decode() apart, by default those of one lane.
std::vector<bench::BenchRow> run_operations(const BenchRun& run) {
  const settings::Knobs knobs = run.common.knobs({.policy = "full"});
  return run_steps("step", run,
                   {.lanes = {1},
                    .settings = {{.knobs = knobs,
                                  .context = run.request.context > 0 ? run.request.context : 128,
                                  .audit = knobs.policy->evicts && run.common.audit()}},
                    .threads = run.common.threads(),
                    .by_operation = true,
                    .writer = run.writer});
}

std::vector<bench::BenchRow> run_prefill(const BenchRun& run) {
  bench::PrefillBenchOptions options{.threads = run.common.threads(), .writer = run.writer};
  if (run.request.context > 0) options.tokens = {run.request.context};
  if (run.request.rounds > 0) options.rounds = run.request.rounds;
  std::vector<bench::BenchRow> rows;
  for_each_model("prefill", run, [&](const BenchModel& model, checkpoint::WeightDtype dtype) {
    options.what = model.what;
    options.model = model.open(dtype);
    append(rows, bench::bench_prefill(options, run.machine, run.stop));
  });
  return rows;
}

constexpr int kRepetitions = 9;

int repetitions_of(const BenchRun& run) {
  return run.request.rounds > 0 ? run.request.rounds : kRepetitions;
}

std::vector<bench::BenchRow> run_attention(const BenchRun& run) {
  return bench::bench_attention(run.common.threads(), repetitions_of(run), run.machine, run.stop);
}

std::vector<bench::BenchRow> run_sketch(const BenchRun& run) {
  return bench::bench_sketches(repetitions_of(run), run.machine, run.stop);
}

/// Measures going back to random steps of a run of a thousand steps or the context's length.
std::vector<bench::BenchRow> run_seek(const BenchRun& run) {
  bench::SeekBenchOptions options{
      .knobs = run.common.knobs(), .prompt = {1}, .threads = run.common.threads()};
  options.model = run.common.open(run.stop).model;
  if (run.request.rounds > 0) options.seeks = run.request.rounds;
  run.machine.measure();
  return bench::bench_seek(options, run.stop);
}

/// Returns the context given, else those default ones that leave room for the rounds.
std::vector<int> contexts_of(const BenchRun& run, const bench::PublishBenchOptions& options) {
  if (run.request.context > 0) return {run.request.context};
  std::vector<int> contexts = bench::PublishBenchOptions().contexts;
  const int positions = options.model.model->config().positions;
  std::erase_if(contexts, [&](int context) { return context + options.rounds >= positions; });
  return contexts.empty() ? std::vector<int>{1} : contexts;
}

/// Measures publishing for a watched run of the 124M shape or of the model given.
std::vector<bench::BenchRow> run_publish(const BenchRun& run) {
  bench::PublishBenchOptions options{.knobs = run.common.knobs(), .threads = run.common.threads()};
  if (run.request.rounds > 0) options.rounds = run.request.rounds;
  run.machine.measure();
  std::vector<bench::BenchRow> rows;
  for (const BenchModel& model : models_of("publish", run)) {
    if (run.stop.stop_requested()) return rows;
    const checkpoint::WeightDtype dtype = run.common.dtype().value_or(checkpoint::WeightDtype::f32);
    options.model = {.model = model.open(dtype), .name = model.what};
    options.contexts = contexts_of(run, options);
    Progress progress(model.what + " " + options.model.model->dtype_name());
    append(rows, bench::bench_publish(options, progress.sink(), run.stop));
  }
  return rows;
}

constexpr std::array kBenches = {
    BenchKind{"decode", "a step of many lanes", run_decode},
    BenchKind{"operations", "each operation of a step beside the bound that limits it",
              run_operations},
    BenchKind{"prefill", "a prompt in one pass", run_prefill},
    BenchKind{"attention", "reading the caches of many lanes", run_attention},
    BenchKind{"sketch", "one step's update and queries of every kind", run_sketch},
    BenchKind{"publish", "a watched step, and describing its state for the window", run_publish},
    BenchKind{"seek", "standing at an earlier step of a run again", run_seek},
};

}  // namespace

std::vector<BenchKind> bench_kinds() {
  std::vector<BenchKind> kinds(kBenches.begin(), kBenches.end());
  std::ranges::copy(window_bench_kinds(), std::back_inserter(kinds));
  return kinds;
}

BenchKind bench_kind(std::string_view name) {
  const auto kinds = bench_kinds();
  return *std::ranges::find(kinds, name, &BenchKind::name);
}

}  // namespace sketchscope::cli
