#pragma once

#include <optional>

#include "gui/view/history.hpp"

namespace sketchscope {

/// The run in four figures, for the bar at the top. What was not measured is absent.
struct RunSummary {
  std::optional<double> step_ms;       ///< median of the latest steps
  std::optional<double> policy_share;  ///< of the latest steps' time: policy and sketch
  std::optional<double>
      perplexity_change;  ///< against the twin, on the tokens generated: 0.03 is 3 %
  /// Bytes of keys, values, sketch and statistics against the full cache's: −0.87 is 87 % saved.
  std::optional<double> cache_change;
};

RunSummary summarize(const History& history);

}  // namespace sketchscope
