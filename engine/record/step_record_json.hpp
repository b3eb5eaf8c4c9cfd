#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/record/step_record.hpp"

namespace sketchscope {

/// Converts a step record to JSON under the names of its fields; values that were not measured are
/// left out.
nlohmann::json step_record_to_json(const StepRecord& record);

/// Converts JSON to a step record; a number that was left out because it is not finite becomes NaN.
/// Throws Error where a key is missing or holds another type of value.
StepRecord step_record_from_json(const nlohmann::json& json);

}  // namespace sketchscope
