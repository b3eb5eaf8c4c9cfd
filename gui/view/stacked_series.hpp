#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "gui/view/history.hpp"

namespace sketchscope::view {

/// The cumulative sums of N parts over the steps of a history, updated incrementally.
template <std::size_t N>
class StackedSeries {
 public:
  /// Adds the steps that came since the last call, whose parts `parts_of(record)` returns.
  template <typename PartsOf>
  void update(const History& history, const PartsOf& parts_of) {
    const bool replaced =
        generation_ != history.generation() || sums_.front().size() > history.size();
    if (replaced) sums_ = {};
    generation_ = history.generation();
    for (std::size_t step = sums_.front().size(); step < history.size(); ++step) {
      double sum = 0;
      const std::array<double, N> parts = parts_of(*history.records()[step]);
      for (std::size_t part = 0; part < N; ++part) {
        sum += parts[part];
        sums_[part].push_back(sum);
      }
    }
  }
  /// Returns the sum of the parts up to and including `part`, by step.
  [[nodiscard]] const StepSeries& up_to(std::size_t part) const { return sums_[part]; }

 private:
  std::array<StepSeries, N> sums_;
  std::uint64_t generation_ = 0;
};

}  // namespace sketchscope::view
