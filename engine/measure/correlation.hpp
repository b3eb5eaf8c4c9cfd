#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/measure/bootstrap.hpp"

namespace sketchscope::measure {

/// Returns how many values are lower than each, equal ones sharing the mean; what is no number is
/// the lowest.
std::vector<double> ranks_of(std::span<const double> values);

/// Returns Pearson's correlation of two lists of numbers; empty where one list is empty or has one
/// value only, or where they differ in length.
std::optional<double> linear_correlation(std::span<const double> one,
                                         std::span<const double> other);

/// Returns Spearman's correlation of two lists: that of their ranks, of which equal values share
/// the mean and values that are no number are the lowest. Empty where one list has one rank only.
std::optional<double> rank_correlation(std::span<const double> one, std::span<const double> other);

/// Both correlations of the same pairs.
struct Correlations {
  std::optional<Estimate> linear;  ///< Pearson's
  std::optional<Estimate> rank;    ///< Spearman's
};

/// Returns both with their percentile bootstrap intervals, which resample whole pairs; resamples
/// without a correlation are left aside. Three pairs and fewer have no interval.
Correlations correlate(std::span<const double> one, std::span<const double> other,
                       const BootstrapOptions& options = {});

}  // namespace sketchscope::measure
