#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/bench/bench_row.hpp"
#include "engine/model/model.hpp"
#include "engine/trace/chrome_trace.hpp"

namespace sketchscope::bench {

/// Options of bench_prefill().
struct PrefillBenchOptions {
  std::string what = "prefill";
  std::shared_ptr<const model::Model> model;
  std::vector<int> tokens = {64, 128, 256, 512};
  int rounds = 5;
  int threads = 1;
  trace::ChromeTraceWriter* writer = nullptr;  ///< receives every step; may be null
};

/// Times the prefill of prompts of every length. Each round times every length once, so that a
/// change in the machine's load falls on all of them. A stop ends the rounds after the first.
/// Throws Error on a length beyond the model's context.
std::vector<BenchRow> bench_prefill(const PrefillBenchOptions& options,
                                    trace::MachineProbe& machine, const std::stop_token& stop);

}  // namespace sketchscope::bench
