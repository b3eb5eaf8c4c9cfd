#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/branch/branch_cost.hpp"
#include "engine/branch/branch_options.hpp"
#include "engine/branch/diversity.hpp"
#include "engine/branch/independent_samples.hpp"
#include "engine/model/model_directory.hpp"

namespace sketchscope {

/// One text that branching gave.
struct SampledPath {
  int id = 0;
  std::optional<int> parent;
  std::vector<int> tokens;  ///< new ones; an end-of-text among them
  std::string text;         ///< without the end-of-text; ids where there is no tokenizer
  double log_probability = 0;
  std::vector<int> branch_positions;

  friend bool operator==(const SampledPath&, const SampledPath&) = default;
};

/// One run of branching from beginning to end.
struct BranchSamples {
  std::vector<SampledPath> paths;  ///< likeliest first
  CostMeter meter;
  bool interrupted = false;
  bool reached_context_end = false;
};
/// `progress` sees the share of the steps made.
BranchSamples draw_branching(const LoadedModel& model, const BranchOptions& options,
                             ForkPages pages, const std::function<void(double)>& progress,
                             const std::stop_token& stop);

/// Which caches to run branching with: shared pages, full copies at each fork, or both.
enum class CacheChoice : std::uint8_t { cow, copy, both };

/// Branching, and as many independent samples by each method, in one run.
struct BranchMeasurement {
  BranchSamples branching;          ///< with shared pages, unless only copies were asked for
  std::optional<CostMeter> copies;  ///< with `both`: what full copies cost
  std::map<SampleMethod, CostMeter> baselines;  ///< without those an interrupt left out
  Diversity plain;
  Diversity weighted;     ///< by the paths' probabilities
  Diversity independent;  ///< of the independent samples
  bool interrupted = false;
};

/// Throws Error should shared pages and copies give different paths. `progress` sees what is being
/// measured and the share of it that is done.
BranchMeasurement measure_branching(const LoadedModel& model, const BranchOptions& options,
                                    CacheChoice caches,
                                    const std::function<void(const std::string&, double)>& progress,
                                    const std::stop_token& stop);

}  // namespace sketchscope
