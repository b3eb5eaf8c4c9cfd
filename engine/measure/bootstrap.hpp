#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace sketchscope::measure {

/// The contribution of one chunk or item to a weighted mean, which is Σ sum / Σ weight.
struct Portion {
  double sum = 0;
  double weight = 1;
};

/// The bounds of a confidence interval.
struct ConfidenceInterval {
  double low = 0;
  double high = 0;
};

/// A figure with its confidence interval over the choice of chunks or items. A single chunk has no
/// interval.
struct Estimate {
  double value = 0;
  std::optional<ConfidenceInterval> interval;
  std::size_t portions = 0;  ///< chunks or items that were resampled; 0 if that is not known
};

/// Options of the bootstrap of estimate_mean().
struct BootstrapOptions {
  int resamples = 2000;
  double confidence = 0.95;
  std::uint64_t seed = 42;
};

/// Returns the mean of `portions` with its percentile bootstrap interval, which resamples whole
/// portions (Efron, Bootstrap Methods: Another Look at the Jackknife, 1979); empty if none has
/// weight. To pair two figures of the same portions, pass the portions of their difference.
std::optional<Estimate> estimate_mean(std::span<const Portion> portions,
                                      const BootstrapOptions& options = {});

/// Applies e^x to value and bounds, which is valid because percentiles commute with an increasing
/// function.
Estimate exponential(const Estimate& estimate);

}  // namespace sketchscope::measure
