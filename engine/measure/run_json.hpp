#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "engine/measure/continuation.hpp"
#include "engine/schedule/run_totals.hpp"

namespace sketchscope::measure {

/// Sets `key` to a number that was measured and is finite; otherwise omits the key.
void set_measured(nlohmann::json& json, const std::string& key, std::optional<double> value);

/// Sets `key` to a figure, and `key`_low and `key`_high to its interval; omits what was not
/// measured.
void set_estimate(nlohmann::json& json, const std::string& key,
                  const std::optional<Estimate>& estimate);

/// Sets the agreement of continuations with those of the full cache.
void set_likeness(nlohmann::json& json, const LikenessMeans& means);

/// Returns evictions and divergences: the keys that every run's `result` has.
nlohmann::json result_json(const schedule::RunTotals& totals);
/// Returns the peak bytes of one lane; audit bytes only if the audit is on.
nlohmann::json memory_json(const schedule::RunTotals& totals);
nlohmann::json timing_json(const schedule::RunTotals& totals);

}  // namespace sketchscope::measure
