#pragma once

#include <filesystem>

#include "engine/train/train.hpp"

namespace sketchscope {

/// Appends one JSON line.
void append_to_log(const std::filesystem::path& file, const TrainingProgress& progress);

}  // namespace sketchscope
