#pragma once

#include <filesystem>
#include <span>
#include <vector>

namespace sketchscope {

/// Losses by step from a training log; a step that was done again after a kill counts once. Throws
/// Error on a file that is missing or damaged.
std::vector<double> read_loss_curve(const std::filesystem::path& log);

/// Largest difference between the means of two curves over `window` steps, as far as both go.
double largest_difference(std::span<const double> left, std::span<const double> right, int window);

}  // namespace sketchscope
