#include "engine/measure/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/core/random.hpp"

namespace sketchscope::measure {
namespace {

class WeightedMean {
 public:
  void add(const Portion& portion) {
    sum_ += portion.sum;
    weight_ += portion.weight;
  }
  [[nodiscard]] double value() const { return sum_ / weight_; }

 private:
  double sum_ = 0;
  double weight_ = 0;
};

double mean_of_a_resample(std::span<const Portion> portions, core::SplitMix64& random) {
  WeightedMean mean;
  for (std::size_t draw = 0; draw < portions.size(); ++draw) {
    mean.add(portions[random.below(portions.size())]);
  }
  return mean.value();
}

}  // namespace

std::optional<Estimate> estimate_mean(std::span<const Portion> portions,
                                      const BootstrapOptions& options) {
  std::vector<Portion> weighed;
  std::ranges::copy_if(portions, std::back_inserter(weighed),
                       [](const Portion& portion) { return portion.weight > 0; });
  if (weighed.empty()) return std::nullopt;
  WeightedMean mean;
  for (const Portion& portion : weighed) mean.add(portion);
  Estimate estimate{.value = mean.value(), .portions = weighed.size()};
  if (weighed.size() == 1) return estimate;

  core::SplitMix64 random(options.seed);
  std::vector<double> means(static_cast<std::size_t>(options.resamples));
  for (double& of_resample : means) of_resample = mean_of_a_resample(weighed, random);
  std::ranges::sort(means);
  // Equal shares of the resamples lie below the lower bound and above the upper one.
  const double outside = (1 - options.confidence) / 2 * static_cast<double>(means.size());
  const auto below = std::min(static_cast<std::size_t>(outside), (means.size() - 1) / 2);
  estimate.interval = {.low = means[below], .high = means[means.size() - 1 - below]};
  return estimate;
}

Estimate exponential(const Estimate& estimate) {
  Estimate result{.value = std::exp(estimate.value), .portions = estimate.portions};
  if (const auto& interval = estimate.interval) {
    result.interval = {.low = std::exp(interval->low), .high = std::exp(interval->high)};
  }
  return result;
}

}  // namespace sketchscope::measure
