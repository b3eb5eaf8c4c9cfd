#include "engine/branch/branch_options.hpp"

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/settings/capacity_target.hpp"

namespace sketchscope {

void check_branch_options(const BranchOptions& options) {
  check_knobs(options.knobs);
  check_target(options.knobs, false, false);  // paths have neither audit nor twin
  if (options.knobs.temperature > 0) return;
  throw UsageError({.what = "temperature of branching",
                    .found = number_text(options.knobs.temperature),
                    .expected = "above 0, such as 1",
                    .remedy = "A greedy choice has no entropy; use generate for the greedy text"});
}

StopRule stop_rule(const BranchOptions& options, const ModelConfig& config) {
  StopRule rule{.tokens = options.max_new_tokens};
  if (options.stop_at_end_of_text) rule.end_tokens = config.ends_of_text;
  return rule;
}

}  // namespace sketchscope
