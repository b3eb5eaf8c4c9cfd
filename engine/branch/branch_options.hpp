#pragma once

#include <cstdint>
#include <vector>

#include "engine/schedule/feeding.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope {

/// Selects whether a fork shares the pages of its parent path or copies them all.
enum class ForkPages : std::uint8_t { share, copy };

/// Options for drawing many samples of one prompt by branching. The knobs hold threshold, branch
/// factor and the number of paths.
struct BranchOptions {
  Knobs knobs;
  std::vector<int> prompt;  ///< at least one token
  int max_new_tokens = 50;
  bool stop_at_end_of_text = true;
  bool keep_prompt = false;  ///< keep the prompt's pages, which fork_by_hand() needs
  int threads = 1;
};

/// Throws UsageError on a temperature of 0: a greedy choice has no entropy to branch on.
void check_branch_options(const BranchOptions& options);

/// Returns the rule by which a sample ends.
StopRule stop_rule(const BranchOptions& options, const ModelConfig& config);

}  // namespace sketchscope
