#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sketchscope::measure {

/// The sums from which a linear fit with a ridge is solved. Samples come in groups, whose means are
/// taken off terms and target first and which all have the same weight, so that a fit explains
/// differences within a group alone.
class RidgeSums {
 public:
  explicit RidgeSums(std::size_t terms);

  /// Adds a group of samples: `terms` (N, terms) and `target` (N). A term that is not finite
  /// counts as its group's mean, and a group of fewer than two samples is left out.
  void add_group(std::span<const double> terms, std::span<const double> target);
  RidgeSums& operator+=(const RidgeSums& other);

  /// Returns the weights w that minimise the mean squared error + `penalty` · ‖w‖²; zeros where
  /// nothing was added.
  [[nodiscard]] std::vector<double> weights(double penalty) const;
  /// Returns the mean squared error of weights, times the number of groups.
  [[nodiscard]] double error(std::span<const double> weights) const;
  /// Returns the error of weights that are all 0.
  [[nodiscard]] double variance() const { return squares_; }
  [[nodiscard]] std::size_t samples() const { return samples_; }

 private:
  std::size_t terms_;
  std::vector<double> products_;  // (terms, terms), of terms with each other
  std::vector<double> aims_;      // (terms), of terms with the target
  double squares_ = 0;            // of the target
  double groups_ = 0;
  std::size_t samples_ = 0;
};

}  // namespace sketchscope::measure
