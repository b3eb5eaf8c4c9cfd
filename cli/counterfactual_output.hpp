#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>

#include "engine/measure/counterfactual.hpp"

namespace sketchscope::cli {

/// Returns what `eval --counterfactual` measured: the evictions with their regret and what they
/// cost, and how both go together.
nlohmann::json counterfactuals_json(const measure::Counterfactuals& measured);

/// Prints the same, one line for each eviction, without the changes by token.
void print_counterfactuals(std::ostream& stream, const measure::Counterfactuals& measured);

}  // namespace sketchscope::cli
