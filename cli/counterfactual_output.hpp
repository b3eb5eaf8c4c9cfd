#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>

#include "engine/measure/counterfactual.hpp"

namespace sketchscope::cli {

/// Returns what `eval --counterfactual` measured: each eviction drawn with its regret and its cost,
/// and, for both ways to keep the evicted position (decode::SparedBy), the mean cost in nats and
/// the correlations of regret and cost.
nlohmann::json counterfactuals_json(const measure::Counterfactuals& measured);

/// Prints the same as tables, one line for each eviction, without the changes by token.
void print_counterfactuals(std::ostream& stream, const measure::Counterfactuals& measured);

}  // namespace sketchscope::cli
