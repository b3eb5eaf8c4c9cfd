#pragma once

#include <filesystem>

#include "engine/train/train.hpp"

namespace sketchscope {

/// Appends `progress` to `file` as one JSON line.
void append_to_log(const std::filesystem::path& file, const TrainingProgress& progress);

}  // namespace sketchscope
