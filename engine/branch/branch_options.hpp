#pragma once

#include <cstdint>
#include <vector>

#include "engine/decode/session.hpp"
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

/// Feeds a whole prompt to an empty lane as the knob `prefill` says: in one pass, or token by
/// token. Throws Error on a prompt without tokens or longer than the context.
void feed_prompt(Session& session, LaneId lane, const BranchOptions& options);

/// Whether a sequence that was fed `fed` tokens may go on: neither its length nor the context's end
/// is reached. The last token drawn is never fed.
bool may_go_on(const ModelConfig& config, const BranchOptions& options, std::size_t fed);

}  // namespace sketchscope
