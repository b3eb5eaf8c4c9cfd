#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "engine/bench/bench_row.hpp"
#include "engine/model/model_directory.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// Options of bench_publish().
struct PublishBenchOptions {
  LoadedModel model;
  Knobs knobs;
  std::vector<int> contexts = {128, 512, 960};  ///< prompt lengths, tokens
  int rounds = 15;
  int threads = 1;
};

/// Times the steps of a watched run with twin and audit, and the publishing of its state after
/// each: two rows per context. Throws Error if a context leaves no room for the rounds.
std::vector<BenchRow> bench_publish(const PublishBenchOptions& options,
                                    const std::function<void(double)>& progress,
                                    const std::stop_token& stop);

}  // namespace sketchscope
