#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gui/plot/canvas.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::plot {

enum class Scale : std::uint8_t { linear, log10 };

/// The range, scale and tick format of an axis.
struct AxisOptions {
  double minimum = 0;
  double maximum = 1;
  Scale scale = Scale::linear;
  bool integer = false;  ///< ticks on whole numbers only
  double tick_unit = 1;  ///< ticks are 1, 2 or 5 · 10ⁿ of this, such as 1 MiB
  bool tick_labels = true;
  ValueFormat format = format_number;
};

/// Returns an axis of bytes from zero to at least `maximum`, with ticks at round KiB, MiB or GiB.
AxisOptions bytes_axis(double maximum);
/// Returns an axis from zero to a round number above `maximum`.
AxisOptions axis_from_zero(double maximum, ValueFormat format = format_number);
/// Returns an axis from −`size` to `size` with a margin, for differences.
AxisOptions axis_around_zero(double size, ValueFormat format = format_number);
/// Returns an axis of integers from `first` to `last`, for steps and positions.
AxisOptions integer_axis(double first, double last);

/// A labelled value of an axis.
struct Tick {
  double value = 0;
  std::string label;
};

/// Maps values to pixels along one direction. An empty or non-finite range is widened to one that
/// can be drawn; on a log axis values ≤ 0 lie on the lower end.
class Axis {
 public:
  Axis(const AxisOptions& options, float from_pixel, float to_pixel);

  [[nodiscard]] float pixel(double value) const {
    // Points outside the plot are kept within the GPU's range.
    constexpr double kFarAway = 1e6;
    const double at = from_ + (scaled(value) - scaled_minimum_) * per_scaled_;
    return static_cast<float>(std::clamp(at, -kFarAway, kFarAway));
  }
  [[nodiscard]] double value(float pixel) const;
  /// Returns ticks at round values (powers of ten on a log axis), at least `distance` pixels apart.
  [[nodiscard]] std::vector<Tick> ticks(float distance) const;

  /// Returns the pixel offset of `value` from zero (one on a log axis) of the data.
  [[nodiscard]] double pixels_from_origin(double value) const;
  /// Returns the value at a pixel offset from zero (one on a log axis) of the data.
  [[nodiscard]] double value_from_origin(double pixels) const;

  [[nodiscard]] double minimum() const { return minimum_; }
  [[nodiscard]] double maximum() const { return maximum_; }
  [[nodiscard]] const AxisOptions& options() const { return options_; }

 private:
  [[nodiscard]] double scaled(double value) const {
    if (options_.scale == Scale::linear) return value;
    return std::log10(value > 0 ? value : minimum_);
  }
  [[nodiscard]] std::vector<Tick> linear_ticks(float distance) const;
  [[nodiscard]] std::vector<Tick> decade_ticks(float distance) const;

  AxisOptions options_;
  double minimum_;
  double maximum_;
  float from_;
  float to_;
  double scaled_minimum_;  ///< the minimum, or its logarithm on a log axis
  double per_scaled_;      ///< signed pixels per unit of the scaled value
};

/// Returns the smallest 1, 2 or 5 times a power of ten that is ≥ `value`, which must be positive.
double nice_step(double value);

}  // namespace sketchscope::plot
