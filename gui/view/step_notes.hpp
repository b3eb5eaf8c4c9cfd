#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/run/run_file.hpp"

namespace sketchscope {

/// Inserts a note into `notes`, which are ordered by step, replacing the step's former note. An
/// empty note removes it.
void set_note(std::vector<StepNote>& notes, StepNote note);

/// Returns the note of a step; empty if there is none.
std::string note_at(std::span<const StepNote> notes, std::int64_t step);

}  // namespace sketchscope
