#pragma once

#include <cstdint>
#include <optional>

#include "gui/view/closeness.hpp"
#include "gui/view/history.hpp"

namespace sketchscope::app {

/// Figures of the run for the run bar, absent if not measured.
struct RunSummary {
  std::optional<double> step_ms;           ///< median of the latest steps
  std::optional<double> policy_share;      ///< share of policy and sketch in the latest steps' time
  view::DrawnTokens drawn;                 ///< the latest tokens beside the twin's
  std::int64_t given_tokens = 0;           ///< that were given and scored
  std::optional<double> given_perplexity;  ///< of these
  std::optional<double> given_twin_perplexity;
  /// The perplexity of given tokens against the twin's: 0.03 is 3 % more.
  std::optional<double> given_perplexity_change;
  /// The relative change of cache bytes against the full cache: −0.87 is 87 % saved.
  std::optional<double> cache_change;
};

RunSummary summarize(const view::History& history);

}  // namespace sketchscope::app
