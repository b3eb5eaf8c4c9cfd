#include "engine/bench/prefill_bench.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/bench/decode_bench.hpp"
#include "engine/core/timing.hpp"
#include "engine/model/model_weights.hpp"
#include "engine/schedule/feeding.hpp"
#include "engine/trace/recorder.hpp"

namespace sketchscope::bench {
namespace {

const settings::Knobs kFull{.policy = "full"};

BenchRow prefill_row(const PrefillBenchOptions& options, int tokens) {
  const model::ModelConfig& config = options.model->config();
  const double count = tokens;
  // Only the last token passes through the output head; token i attends to i + 1 keys and values.
  const double multiply_adds = count * (multiply_adds_per_row(config) -
                                        static_cast<double>(config.width) * config.vocabulary) +
                               static_cast<double>(config.width) * config.vocabulary +
                               config.layers * config.query_width() * count * (count + 1);
  return {.what = options.what,
          .lanes = 1,
          .dtype = options.model->dtype_name(),
          .context = tokens,
          .policy = kFull.policy.name(),
          .bytes = streamed_weight_bytes(*options.model),
          .operations = 2.0 * multiply_adds};
}

}  // namespace

std::vector<BenchRow> bench_prefill(const PrefillBenchOptions& options,
                                    trace::MachineProbe& machine, const std::stop_token& stop) {
  decode::Session session(options.model, options.threads);
  trace::Recorder recorder(options.threads);
  if (options.writer != nullptr) session.trace_to(&recorder);
  std::int64_t written = 0;
  const auto time_prompt = [&](int tokens) {
    const decode::LaneId lane = session.add_lane({.knobs = kFull});
    const std::vector<int> prompt(static_cast<std::size_t>(tokens), 1);
    const schedule::Feed all{.pair = {.lane = lane}, .tokens = prompt};
    const core::Stopwatch watch;
    schedule::feed(session, {&all, 1});
    const double elapsed_ms = watch.elapsed_ms();
    if (options.writer != nullptr) {
      options.writer->add(recorder.take(written++),
                          options.what + " " + options.model->dtype_name(),
                          std::to_string(tokens) + " tokens");
    }
    session.remove(lane);
    return elapsed_ms;
  };
  std::vector<BenchRow> rows;
  for (const int tokens : options.tokens) {
    if (stop.stop_requested()) return {};
    rows.push_back(prefill_row(options, tokens));
    // The first pass of a length may allocate buffers, so its time is not taken.
    time_prompt(tokens);
  }
  for (int round = 0; round < options.rounds && !stop.stop_requested(); ++round) {
    machine.measure();
    for (BenchRow& row : rows) {
      if (!stop.stop_requested()) row.times.add(time_prompt(row.context));
    }
  }
  std::erase_if(rows, [](const BenchRow& row) { return row.times.empty(); });
  return rows;
}

}  // namespace sketchscope::bench
