#pragma once

#include <vector>

#include "engine/record/run_columns.hpp"
#include "engine/record/step_record.hpp"

namespace sketchscope {

/// Writes step records as arrays, without their knob changes.
void write_records(ArrayWriter& arrays, std::vector<StepRecord> records);

/// Reads the step records back. Throws Error where the arrays contradict each other.
std::vector<StepRecord> read_records(const ArrayReader& arrays);

}  // namespace sketchscope
