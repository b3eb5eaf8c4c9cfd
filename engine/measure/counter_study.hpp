#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/model/model.hpp"

namespace sketchscope::measure {

/// Options of study_counters().
struct CounterStudyOptions {
  std::vector<std::vector<int>> texts;  ///< each fed to an empty full cache
  std::vector<std::size_t> budgets = {512, 1024, 2048, 4096, 8192, 16384};  ///< bytes per layer
  int depth = 4;
  int top = 64;
  int lsh_bits = 12;
  std::uint64_t sketch_seed = 42;
  int threads = 1;
};

/// The accuracy of attention masses counted within a byte budget per layer. Means over layers, and
/// over texts for keys whose items belong to one text.
struct CounterStudyRow {
  std::string key;       ///< kind of item, a value of the knob `sketch_key`
  std::string counters;  ///< a sketch, or "exact": as many items as fit, first come
  std::size_t budget = 0;
  double items = 0;           ///< distinct items
  double exact_bytes = 0;     ///< bytes of exact counters for all items
  double mean_error = 0;      ///< mean of |estimate − truth| over the items
  double relative_error = 0;  ///< mean_error / mean truth
  double top_found = 0;       ///< recall of the heaviest `top` items
};

/// Counts attention masses of real texts by every key, with every sketch and with exact counters,
/// within equal bytes. Items of the keys `token` and `key-lsh` are counted over all texts together,
/// those of other keys within each text. A stop leaves what was counted until then, no row if
/// nothing was. Throws Error on a text longer than the model's context.
std::vector<CounterStudyRow> study_counters(std::shared_ptr<const model::Model> model,
                                            const CounterStudyOptions& options,
                                            const core::ProgressSink& progress,
                                            std::stop_token stop);

}  // namespace sketchscope::measure
