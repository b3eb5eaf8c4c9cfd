#include "engine/branch/branch_options.hpp"

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/settings/capacity_target.hpp"

namespace sketchscope {

void check_branch_options(const BranchOptions& options) {
  check_knobs(options.knobs);
  check_target(options.knobs, false, false);  // paths are neither audited nor beside a twin
  if (options.knobs.temperature > 0) return;
  throw UsageError({.what = "temperature of branching",
                    .found = number_text(options.knobs.temperature),
                    .expected = "above 0, such as 1",
                    .remedy = "A greedy choice has no entropy; use generate for the greedy text"});
}

void feed_prompt(Session& session, LaneId lane, const BranchOptions& options) {
  if (options.prompt.empty()) {
    throw Error({.what = "prompt has no tokens",
                 .expected = "at least one",
                 .remedy = "Give a text that is not empty"});
  }
  // One token alone goes through the cache, as it does in a run that is watched.
  if (options.knobs.prefill != Prefill::stream && options.prompt.size() > 1) {
    session.prefill(lane, options.prompt);
    return;
  }
  for (const int token : options.prompt) session.step(std::vector<LaneInput>{{lane, token}});
}

bool may_go_on(const ModelConfig& config, const BranchOptions& options, std::size_t fed) {
  const auto drawn = fed + 1 - options.prompt.size();
  return drawn < static_cast<std::size_t>(options.max_new_tokens) &&
         fed < static_cast<std::size_t>(config.positions);
}

}  // namespace sketchscope
