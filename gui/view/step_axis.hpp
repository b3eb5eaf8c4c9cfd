#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/run/run_file.hpp"

namespace sketchscope::view {

/// The extent of a step axis.
struct StepRange {
  double first = 0;
  double last = 0;

  [[nodiscard]] double width() const { return last - first; }
  friend bool operator==(const StepRange&, const StepRange&) = default;
};

/// Returns the axis of a whole run of `steps` steps. It has a least extent, so that it does not
/// rescale at each of the first steps.
StepRange whole_run(std::int64_t steps);

/// The part of the run that all step axes show: all of it, the newest steps, or a fixed range.
class StepWindow {
 public:
  /// Returns the extent for a run with `steps` records.
  [[nodiscard]] StepRange range(std::int64_t steps) const;
  [[nodiscard]] bool shows_all() const { return !width_; }
  /// Returns whether its end moves with the newest step.
  [[nodiscard]] bool follows() const { return !first_; }

  /// Shows all steps, including future ones.
  void fit() { *this = {}; }
  /// Shows the newest steps, with the present width.
  void follow() { first_.reset(); }
  /// Shows a range, clamped to the run. A range that ends with the run follows it; one as wide as
  /// the run shows all of it.
  void show(StepRange range, std::int64_t steps);
  /// Scales the range by `factor` around step `at`.
  void zoom(double at, double factor, std::int64_t steps);
  /// Moves the range by `by` steps, towards later ones if positive.
  void pan(double by, std::int64_t steps);

 private:
  std::optional<double> width_;  // empty for the whole run
  std::optional<double> first_;  // empty if it follows the newest step
};

/// Inserts a note into `notes`, which are ordered by step, replacing the step's former note. An
/// empty note removes it.
void set_note(std::vector<run::StepNote>& notes, run::StepNote note);

/// Returns the note of a step; empty if there is none.
std::string note_at(std::span<const run::StepNote> notes, std::int64_t step);

}  // namespace sketchscope::view
