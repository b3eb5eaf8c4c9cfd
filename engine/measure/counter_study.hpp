#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/model/model.hpp"

namespace sketchscope {

struct CounterStudyOptions {
  std::vector<std::vector<int>> texts;  ///< each read from an empty full cache
  std::vector<std::size_t> budgets = {512, 1024, 2048, 4096, 8192, 16384};  ///< bytes of a layer
  int depth = 4;
  int top = 64;
  int lsh_bits = 12;
  std::uint64_t sketch_seed = 42;
  int threads = 1;
};

/// How well some bytes of counters know the attention mass that the items of a layer drew; means
/// over layers (and over texts where items belong to one).
struct CounterStudyRow {
  std::string key;       ///< what an item is, as `sketch_key`
  std::string counters;  ///< a sketch, or "exact": as many items as fit, first come
  std::size_t budget = 0;
  double items = 0;           ///< distinct ones
  double exact_bytes = 0;     ///< that exact counters of all of them take
  double mean_error = 0;      ///< mean of |estimate − truth| over the items
  double relative_error = 0;  ///< the same over the mean truth
  double top_found = 0;       ///< share of the heaviest `top` items among the estimated heaviest
};

/// Counts the masses of real attention by every key, with every sketch and with exact counters, in
/// equal bytes. Items of the keys `token` and `key-lsh` are counted over all texts together, others
/// within each. Throws Error on a text longer than the model's context.
std::vector<CounterStudyRow> study_counters(std::shared_ptr<const Model> model,
                                            const CounterStudyOptions& options,
                                            const std::function<void(double)>& progress,
                                            std::stop_token stop);

}  // namespace sketchscope
