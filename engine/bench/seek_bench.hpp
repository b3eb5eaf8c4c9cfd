#pragma once

#include <memory>
#include <vector>

#include "engine/bench/bench_row.hpp"
#include "engine/model/model.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// Options of bench_seek().
struct SeekBenchOptions {
  std::shared_ptr<const Model> model;
  Knobs knobs;
  std::vector<int> prompt;
  int steps = 1000;  ///< length of the run, limited by the context
  int seeks = 200;
  int threads = 1;
};

/// Times going back to random steps of a run; the last row is the slowest one. Twin, audit and
/// keyframes are on, as in the window.
std::vector<BenchRow> bench_seek(const SeekBenchOptions& options);

}  // namespace sketchscope
