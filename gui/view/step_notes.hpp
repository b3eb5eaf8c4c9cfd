#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/run/run_file.hpp"

namespace sketchscope {

/// Puts a note in its place among others, which lie in the order of steps, instead of one that the
/// step had. Without words it takes that away.
void set_note(std::vector<StepNote>& notes, StepNote note);

/// What is written about a step; empty where nothing is.
std::string note_at(std::span<const StepNote> notes, std::int64_t step);

}  // namespace sketchscope
