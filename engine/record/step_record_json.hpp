#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/record/step_record.hpp"

namespace sketchscope {

/// One step record under the names of its fields; what was not measured is left out.
nlohmann::json step_record_to_json(const StepRecord& record);

/// The record back; a number that was left out because it is not finite becomes NaN. Throws Error
/// where a key is missing or holds another kind of value.
StepRecord step_record_from_json(const nlohmann::json& json);

}  // namespace sketchscope
