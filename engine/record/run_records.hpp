#pragma once

#include <vector>

#include "engine/record/run_columns.hpp"
#include "engine/record/step_record.hpp"

namespace sketchscope {

/// Step records as arrays, but for their knob changes.
void write_records(ArrayWriter& arrays, std::vector<StepRecord> records);

/// Throws Error where the arrays contradict each other.
std::vector<StepRecord> read_records(const ArrayReader& arrays);

}  // namespace sketchscope
