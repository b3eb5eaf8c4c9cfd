#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "engine/measure/continuation.hpp"
#include "engine/schedule/run_totals.hpp"

namespace sketchscope {

/// Sets a number that was measured and is finite; leaves the key out otherwise.
void set_measured(nlohmann::json& json, const std::string& key, std::optional<double> value);

/// The same of a figure, and of its interval as `key`_low and `key`_high.
void set_estimate(nlohmann::json& json, const std::string& key,
                  const std::optional<Estimate>& estimate);

/// What a continuation has in common with the full cache's; a first divergence where they part.
void set_likeness(nlohmann::json& json, const LikenessMeans& means);

/// Evictions and divergence, the keys that `result` of every run has.
nlohmann::json result_json(const RunTotals& totals);
/// Bytes of one lane at their peak; audit bytes only with the audit on.
nlohmann::json memory_json(const RunTotals& totals);
nlohmann::json timing_json(const RunTotals& totals);

}  // namespace sketchscope
