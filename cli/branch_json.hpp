#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/branch/branch_measurement.hpp"

namespace sketchscope {

/// Every knob, and how long a path may get.
nlohmann::json branch_config_json(const BranchOptions& options);
/// The seven figures of a cost, the same keys for branching and for each baseline.
nlohmann::json cost_json(const BranchCost& cost);

/// What `branch --json` writes: schema sketchscope/branch/1.
nlohmann::json branch_json(const LoadedModel& model, const BranchOptions& options,
                           const BranchMeasurement& measurement);

}  // namespace sketchscope
