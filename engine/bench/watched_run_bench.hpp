#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include "engine/bench/bench_row.hpp"
#include "engine/core/error.hpp"
#include "engine/model/model.hpp"
#include "engine/model/model_directory.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::bench {

/// Options of bench_publish().
struct PublishBenchOptions {
  model::LoadedModel model;
  settings::Knobs knobs;
  std::vector<int> contexts = {128, 512, 960};  ///< prompt lengths, tokens
  int rounds = 15;
  int threads = 1;
};

/// Times the steps of a watched run with twin and audit, and the publishing of its state after
/// each: two rows per context. Throws Error if a context leaves no room for the rounds.
std::vector<BenchRow> bench_publish(const PublishBenchOptions& options,
                                    const core::ProgressSink& progress,
                                    const std::stop_token& stop);

/// Options of bench_seek().
struct SeekBenchOptions {
  std::shared_ptr<const model::Model> model;
  settings::Knobs knobs;
  std::vector<int> prompt;
  int steps = 1000;  ///< length of the run, limited by the context
  int seeks = 200;
  int threads = 1;
};

/// Times going back to random steps of a run; the last row is the slowest one. Twin, audit and
/// keyframes are on, as in the window. A stop leaves no row if nothing was timed.
std::vector<BenchRow> bench_seek(const SeekBenchOptions& options, const std::stop_token& stop);

}  // namespace sketchscope::bench
