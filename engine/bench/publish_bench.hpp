#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "engine/bench/bench_row.hpp"
#include "engine/model/model_directory.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

struct PublishBenchOptions {
  LoadedModel model;
  Knobs knobs;
  std::vector<int> contexts = {128, 512, 960};  ///< tokens of a prompt that is in before
  int rounds = 15;
  int threads = 1;
};

/// Times each step of a watched run, twin and audit on, and the description of its state that a
/// window is given after it: two rows for each context. Throws Error where a context leaves no room
/// for the rounds.
std::vector<BenchRow> bench_publish(const PublishBenchOptions& options,
                                    const std::function<void(double)>& progress,
                                    const std::stop_token& stop);

}  // namespace sketchscope
