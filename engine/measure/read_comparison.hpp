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
#include "engine/settings/knobs.hpp"

namespace sketchscope {

struct ReadComparisonOptions {
  Knobs knobs;      ///< what all rows share; read and aggregate are theirs
  int context = 0;  ///< tokens of a chunk; 0 is the model's n_positions
  int threads = 1;
};

/// What one way to read did to attention, against the full one under the same lane's queries.
struct ReadRow {
  std::string read;                  ///< "full" drops what was evicted
  std::string aggregate;             ///< empty but for the read `aggregate`
  std::vector<double> output_error;  ///< mean over steps, by layer (L)
  double mean_output_error = 0;      ///< over steps and layers
  double lower_than_dropping = 0;    ///< share of steps and layers with less error than `full`
  double retained_mass = 0;
  double attention_kl = 0;
  double nll = 0;  ///< mean over scored tokens, nats
  std::size_t kv_bytes = 0;
  std::size_t tail_bytes = 0;
};

struct ReadComparison {
  std::vector<ReadRow> rows;  ///< `full` first
  std::int64_t steps = 0;     ///< in which something had been evicted
  bool interrupted = false;
};

/// Every read that the knobs allow, one lane each, fed the same tokens in the same steps; measured
/// where something had been evicted. Throws UsageError on a context outside 2 … n_positions.
ReadComparison compare_reads(const std::shared_ptr<const Model>& model, std::span<const int> tokens,
                             const ReadComparisonOptions& options,
                             const std::function<void(double)>& progress,
                             const std::stop_token& stop);

}  // namespace sketchscope
