#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/model/model.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::measure {

/// Options of compare_reads().
struct ReadComparisonOptions {
  settings::Knobs knobs;                ///< shared by all rows, except for read and aggregate
  int context = 0;                      ///< tokens per chunk; 0 means n_positions
  std::optional<int> start_token = {};  ///< before each chunk (ChunkOptions)
  int threads = 1;
};

/// The errors of one read's attention output against full attention under the same lane's queries.
struct ReadRow {
  std::string read;                  ///< "full" drops what was evicted
  std::string aggregate;             ///< empty for reads other than `aggregate`
  std::vector<double> output_error;  ///< mean over steps, by layer (L)
  double mean_output_error = 0;      ///< mean over steps and layers
  double lower_than_dropping = 0;    ///< share of steps and layers with less error than `full`
  double retained_mass = 0;
  double attention_kl = 0;
  double nll = 0;  ///< mean over scored tokens, nats
  std::size_t kv_bytes = 0;
  std::size_t tail_bytes = 0;
};

/// The results of compare_reads(). Without steps only what the rows hold of memory and, with scored
/// tokens, of the text was measured.
struct ReadComparison {
  std::vector<ReadRow> rows;  ///< `full` first
  std::int64_t steps = 0;     ///< steps after the first eviction
  std::int64_t scored = 0;    ///< tokens
  bool interrupted = false;
};

/// Compares all reads that the knobs allow, one lane each, fed the same tokens in the same steps.
/// Only steps after the first eviction are measured, since all reads agree before it. Throws
/// UsageError on a context outside 2 … n_positions.
ReadComparison compare_reads(const std::shared_ptr<const model::Model>& model,
                             std::span<const int> tokens, const ReadComparisonOptions& options,
                             const core::ProgressSink& progress, const std::stop_token& stop);

}  // namespace sketchscope::measure
