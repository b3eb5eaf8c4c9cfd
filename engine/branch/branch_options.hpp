#pragma once

#include <cstdint>
#include <vector>

#include "engine/schedule/feeding.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// What a fork does with the pages of the path it leaves: share them, or copy them all.
enum class ForkPages : std::uint8_t { share, copy };

/// Many samples of one prompt. The knobs hold threshold, branch factor and the number of paths.
struct BranchOptions {
  Knobs knobs;
  std::vector<int> prompt;  ///< at least one token
  int max_new_tokens = 50;
  bool stop_at_end_of_text = true;
  bool keep_prompt = false;  ///< hold the prompt's pages to the end, so that hands can fork paths
  int threads = 1;
};

/// Throws UsageError on a temperature of 0: a greedy choice has no entropy to branch on.
void check_branch_options(const BranchOptions& options);

/// When a sample ends.
StopRule stop_rule(const BranchOptions& options, const ModelConfig& config);

}  // namespace sketchscope
