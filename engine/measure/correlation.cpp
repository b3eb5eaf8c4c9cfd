#include "engine/measure/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "engine/core/random.hpp"

namespace sketchscope::measure {
namespace {

constexpr std::size_t kFewestPairs = 4;  // of an interval

double comparable(double value) {
  return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
}

// Takes the bounds between which the middle share of the resampled values lies.
std::optional<ConfidenceInterval> middle_of(std::vector<double> values, double confidence) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  const double outside = (1 - confidence) / 2 * static_cast<double>(values.size());
  const auto below = std::min(static_cast<std::size_t>(outside), (values.size() - 1) / 2);
  return ConfidenceInterval{.low = values[below], .high = values[values.size() - 1 - below]};
}

}  // namespace

std::vector<double> ranks_of(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto value = [&](std::size_t at) { return comparable(values[at]); };
  std::ranges::sort(order, {}, value);
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    while (end < order.size() && value(order[end]) == value(order[first])) ++end;
    const double shared = static_cast<double>(first + end - 1) / 2;
    for (; first < end; ++first) ranks[order[first]] = shared;
  }
  return ranks;
}

std::optional<double> linear_correlation(std::span<const double> one,
                                         std::span<const double> other) {
  const auto is_flat = [](std::span<const double> values) {
    return std::ranges::adjacent_find(values, std::ranges::not_equal_to()) == values.end();
  };
  if (one.size() != other.size() || is_flat(one) || is_flat(other)) return std::nullopt;
  const auto mean_of = [](std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  };
  const double middle = mean_of(one), others_middle = mean_of(other);
  double both = 0, of_one = 0, of_other = 0;
  for (std::size_t at = 0; at < one.size(); ++at) {
    both += (one[at] - middle) * (other[at] - others_middle);
    of_one += (one[at] - middle) * (one[at] - middle);
    of_other += (other[at] - others_middle) * (other[at] - others_middle);
  }
  return both / std::sqrt(of_one * of_other);
}

std::optional<double> rank_correlation(std::span<const double> one, std::span<const double> other) {
  return linear_correlation(ranks_of(one), ranks_of(other));
}

Correlations correlate(std::span<const double> one, std::span<const double> other,
                       const BootstrapOptions& options) {
  Correlations result;
  if (const auto linear = linear_correlation(one, other))
    result.linear = Estimate{.value = *linear};
  if (const auto rank = rank_correlation(one, other)) result.rank = Estimate{.value = *rank};
  if (!result.linear || one.size() < kFewestPairs) return result;

  core::SplitMix64 random(options.seed);
  std::vector<double> linear, rank, left(one.size()), right(one.size());
  for (int resample = 0; resample < options.resamples; ++resample) {
    for (std::size_t at = 0; at < one.size(); ++at) {
      const std::size_t drawn = random.below(one.size());
      left[at] = one[drawn];
      right[at] = other[drawn];
    }
    if (const auto value = linear_correlation(left, right)) linear.push_back(*value);
    if (const auto value = rank_correlation(left, right)) rank.push_back(*value);
  }
  result.linear->interval = middle_of(std::move(linear), options.confidence);
  if (result.rank) result.rank->interval = middle_of(std::move(rank), options.confidence);
  return result;
}

}  // namespace sketchscope::measure
