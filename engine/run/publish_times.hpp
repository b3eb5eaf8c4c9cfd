#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace sketchscope {

/// Records the time that publishing a run's state takes, by step.
class PublishTimes {
 public:
  /// Notes that the state after `steps` steps of run `run` was published. Only the first
  /// publication after a step counts as its cost; repeated requests while the run is paused do not.
  void note(std::uint64_t run, std::int64_t steps, double milliseconds) {
    const auto made = static_cast<std::size_t>(steps);
    if (std::exchange(run_, run) != run) by_step_.clear();
    if (made > by_step_.size()) {
      by_step_.resize(made);
      by_step_.back() = milliseconds;
    } else {
      by_step_.resize(made);  // the run was rewound
    }
  }

  /// Returns a copy: milliseconds by step, 0 where no state was published.
  [[nodiscard]] std::shared_ptr<const std::vector<double>> by_step() const {
    return std::make_shared<const std::vector<double>>(by_step_);
  }

 private:
  std::uint64_t run_ = 0;
  std::vector<double> by_step_;
};

}  // namespace sketchscope
