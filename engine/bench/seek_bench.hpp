#pragma once

#include <memory>
#include <vector>

#include "engine/bench/bench_row.hpp"
#include "engine/model/model.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

struct SeekBenchOptions {
  std::shared_ptr<const Model> model;
  Knobs knobs;
  std::vector<int> prompt;
  int steps = 1000;  ///< of the run, or as many as the context has room for
  int seeks = 200;
  int threads = 1;
};

/// Times how long it takes to stand at a step of a run again, at random steps; the last row is the
/// slowest of them. Twin and audit are on and keyframes are kept, as in the window.
std::vector<BenchRow> bench_seek(const SeekBenchOptions& options);

}  // namespace sketchscope
