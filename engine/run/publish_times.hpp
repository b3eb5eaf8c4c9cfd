#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace sketchscope {

/// The ledger of what publishing takes: the time to describe a run for whoever looks, by step.
class PublishTimes {
 public:
  /// The state after `steps` steps of run `run` was described. Of several descriptions after one
  /// step the first counts as the step's; a person who asks again while nothing moves costs no
  /// step anything.
  void note(std::uint64_t run, std::int64_t steps, double milliseconds) {
    const auto made = static_cast<std::size_t>(steps);
    if (std::exchange(run_, run) != run) by_step_.clear();
    if (made > by_step_.size()) {
      by_step_.resize(made);
      by_step_.back() = milliseconds;
    } else {
      by_step_.resize(made);  // the run went back
    }
  }

  /// A copy: milliseconds by step, 0 where nobody looked.
  [[nodiscard]] std::shared_ptr<const std::vector<double>> by_step() const {
    return std::make_shared<const std::vector<double>>(by_step_);
  }

 private:
  std::uint64_t run_ = 0;
  std::vector<double> by_step_;
};

}  // namespace sketchscope
