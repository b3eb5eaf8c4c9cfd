#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace sketchscope {

/// What one chunk or item adds to a mean: Σ sum / Σ weight over all of them.
struct Portion {
  double sum = 0;
  double weight = 1;
};

struct ConfidenceInterval {
  double low = 0;
  double high = 0;
};

/// A figure, and where it would lie had other chunks or items been drawn; no interval where there
/// is only one.
struct Estimate {
  double value = 0;
  std::optional<ConfidenceInterval> interval;
};

struct BootstrapOptions {
  int resamples = 2000;
  double confidence = 0.95;
  std::uint64_t seed = 42;
};

/// The mean of `portions` with its percentile bootstrap interval: whole portions are drawn with
/// replacement, as many as there are (Efron, Bootstrap Methods: Another Look at the Jackknife,
/// 1979). Two figures of the same portions are paired by taking the portions of their difference.
/// Portions without weight are left out; empty when nothing has any.
std::optional<Estimate> estimate_mean(std::span<const Portion> portions,
                                      const BootstrapOptions& options = {});

/// e^x of value and bounds: percentiles go along with a function that rises.
Estimate exponential(const Estimate& estimate);

}  // namespace sketchscope
