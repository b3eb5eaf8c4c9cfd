#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/record/step_record.hpp"

namespace sketchscope {

/// One step record under the names of its fields; what was not measured is left out.
nlohmann::json step_record_to_json(const StepRecord& record);

}  // namespace sketchscope
