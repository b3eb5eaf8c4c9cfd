#pragma once

#include "gui/view/step_axis.hpp"

namespace sketchscope::view {

/// The positions from `first` up to, but not including, `end`.
struct PositionRange {
  int first = 0;
  int end = 1;

  [[nodiscard]] int count() const { return end - first; }
  [[nodiscard]] bool contains(int position) const { return position >= first && position < end; }
  friend bool operator==(const PositionRange&, const PositionRange&) = default;
};

/// Returns how many positions an axis of all of them spans. Like a step axis it has a least extent,
/// then grows with every token, so that it never jumps.
int position_span(int positions, int context_length);

/// The part of the positions that all axes of positions show: all of them, the newest, or a fixed
/// range. Its arguments are the span of an axis of all positions.
class PositionWindow {
 public:
  [[nodiscard]] PositionRange range(int span) const;
  [[nodiscard]] bool shows_all() const { return window_.shows_all(); }

  void fit() { window_.fit(); }
  /// Shows a range, clamped to the span. One that ends with the span follows it, and one as wide as
  /// the span shows all.
  void show(PositionRange range, int span);
  /// Scales the range by `factor` around the place `at`.
  void zoom(double at, double factor, int span);
  /// Moves the range by `by` positions, towards later ones if positive.
  void pan(double by, int span);

 private:
  StepWindow window_;  ///< of the borders between positions, of which there is one more
};

}  // namespace sketchscope::view
