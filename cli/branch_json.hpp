#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/branch/branch_measurement.hpp"

namespace sketchscope {

/// Returns every knob and the largest length of a path.
nlohmann::json branch_config_json(const BranchOptions& options);
/// Returns the figures of a cost, with equal keys for branching and each baseline.
nlohmann::json cost_json(const BranchCost& cost);

/// Returns the output of `branch --json`, schema sketchscope/branch/1.
nlohmann::json branch_json(const LoadedModel& model, const BranchOptions& options,
                           const BranchMeasurement& measurement);

}  // namespace sketchscope
