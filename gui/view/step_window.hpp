#pragma once

#include <cstdint>
#include <optional>

namespace sketchscope {

/// Where a step axis begins and ends.
struct StepRange {
  double first = 0;
  double last = 0;

  [[nodiscard]] double width() const { return last - first; }
  friend bool operator==(const StepRange&, const StepRange&) = default;
};

/// The axis of a whole run of `steps`. A young run does not fill it, so that its first steps do not
/// jump about.
StepRange whole_run(std::int64_t steps);

/// Which part of the run all step axes show: all of it, the newest steps, or a part that stays.
class StepWindow {
 public:
  /// Of a run that has `steps` records.
  [[nodiscard]] StepRange range(std::int64_t steps) const;
  [[nodiscard]] bool shows_all() const { return !width_; }
  /// Whether its end moves with the newest step.
  [[nodiscard]] bool follows() const { return !first_; }

  /// All steps, and those that come.
  void fit() { *this = {}; }
  /// The newest steps, as many as are shown now.
  void follow() { first_.reset(); }
  /// As near as the run allows. A range that ends with the run follows it; one as wide as the run
  /// shows all of it.
  void show(StepRange range, std::int64_t steps);
  /// Makes the range `factor` times as wide; step `at` stays where it is.
  void zoom(double at, double factor, std::int64_t steps);
  /// Towards later steps where `by` is above 0.
  void pan(double by, std::int64_t steps);

 private:
  std::optional<double> width_;  // empty: the whole run
  std::optional<double> first_;  // empty: it ends with the newest step
};

}  // namespace sketchscope
