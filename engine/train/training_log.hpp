#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "engine/train/train.hpp"

namespace sketchscope::train {

/// Reads the losses by step from a training log. A step that was repeated after a kill counts once.
/// Throws Error on a file that is missing or damaged.
std::vector<double> read_loss_curve(const std::filesystem::path& log);

/// Returns the largest difference between the moving averages over `window` steps of two curves, on
/// their common steps.
double largest_difference(std::span<const double> left, std::span<const double> right, int window);

/// Appends `progress` to `file` as one JSON line.
void append_to_log(const std::filesystem::path& file, const TrainingProgress& progress);

}  // namespace sketchscope::train
