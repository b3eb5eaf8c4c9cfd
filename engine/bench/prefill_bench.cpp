#include "engine/bench/prefill_bench.hpp"

#include "engine/bench/decode_bench.hpp"
#include "engine/core/timing.hpp"
#include "engine/schedule/feeding.hpp"

namespace sketchscope {
namespace {

const Knobs kFull{.policy = "full"};

BenchRow row_of(const PrefillBenchOptions& options, int tokens) {
  const ModelConfig& config = options.model->config();
  const double count = tokens;
  // Only the last token passes through the output head; token i attends to i + 1 keys and values.
  const double products =
      count * (products_per_row(config) - static_cast<double>(config.width) * config.vocabulary) +
      static_cast<double>(config.width) * config.vocabulary +
      config.layers * config.query_width() * count * (count + 1);
  return {.what = options.what,
          .lanes = 1,
          .dtype = options.model->dtype_name(),
          .context = tokens,
          .policy = kFull.policy.name(),
          .bytes = streamed_weight_bytes(*options.model),
          .operations = 2.0 * products};
}

}  // namespace

std::vector<BenchRow> bench_prefill(const PrefillBenchOptions& options, MachineProbe& machine,
                                    const std::stop_token& stop) {
  Session session(options.model, options.threads);
  session.trace_to(options.trace);
  const auto time_prompt = [&](int tokens) {
    const LaneId lane = session.add_lane({.knobs = kFull});
    const std::vector<int> prompt(static_cast<std::size_t>(tokens), 1);
    const Feed all{.pair = {.lane = lane}, .tokens = prompt};
    const Stopwatch watch;
    feed(session, {&all, 1});
    const double elapsed_ms = watch.elapsed_ms();
    session.remove(lane);
    return elapsed_ms;
  };
  std::vector<BenchRow> rows;
  for (const int tokens : options.tokens) {
    rows.push_back(row_of(options, tokens));
    time_prompt(tokens);  // warms up
  }
  for (int round = 0; round < options.rounds && (round == 0 || !stop.stop_requested()); ++round) {
    machine.measure();
    for (BenchRow& row : rows) row.times.add(time_prompt(row.context));
  }
  return rows;
}

}  // namespace sketchscope
