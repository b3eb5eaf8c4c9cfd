#include "gui/plot/axis.hpp"

#include <algorithm>
#include <cmath>

namespace sketchscope::plot {
namespace {

constexpr double kAir = 1.04;
constexpr int kTicksOfARoundAxis = 4;

/// Formats a tick in the axis's unit: "0.2 MiB" from 0.2 and "1 MiB".
std::string in_unit(double count, const std::string& one) {
  return format_number(count) + one.substr(one.find(' '));
}

double round_maximum(double maximum) {
  if (!(maximum > 0) || !std::isfinite(maximum)) return 1;
  const double step = nice_step(maximum * kAir / kTicksOfARoundAxis);
  return std::ceil(maximum * kAir / step) * step;
}

}  // namespace

double nice_step(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  // The quotient of a power of ten by itself may come out just above one.
  for (double factor : {1.0, 2.0, 5.0}) {
    if (value <= factor * power * (1 + 1e-12)) return factor * power;
  }
  return 10 * power;
}

AxisOptions bytes_axis(double maximum) {
  double unit = 1;
  while (maximum >= 1024 * unit) unit *= 1024;
  return {
      .maximum = round_maximum(maximum / unit) * unit, .tick_unit = unit, .format = format_bytes};
}

AxisOptions axis_from_zero(double maximum, ValueFormat format) {
  return {.maximum = round_maximum(maximum), .format = format};
}

AxisOptions axis_around_zero(double size, ValueFormat format) {
  const double maximum = round_maximum(size);
  return {.minimum = -maximum, .maximum = maximum, .format = format};
}

AxisOptions integer_axis(double first, double last) {
  return {.minimum = first, .maximum = last, .integer = true, .format = format_integer};
}

Axis::Axis(const AxisOptions& options, float from_pixel, float to_pixel)
    : options_(options),
      minimum_(options.minimum),
      maximum_(options.maximum),
      from_(from_pixel),
      to_(to_pixel) {
  const bool logarithmic = options_.scale == Scale::log10;
  if (!std::isfinite(minimum_)) minimum_ = 0;
  if (logarithmic && minimum_ <= 0) minimum_ = maximum_ > 0 ? maximum_ * 1e-4 : 1;
  if (!std::isfinite(maximum_) || maximum_ <= minimum_) {
    maximum_ = logarithmic ? minimum_ * 10 : minimum_ + 1;
  }
  scaled_minimum_ = scaled(minimum_);
  per_scaled_ = (to_ - from_) / (scaled(maximum_) - scaled_minimum_);
}

double Axis::value(float pixel) const {
  if (to_ == from_) return minimum_;
  const double at = scaled_minimum_ + (pixel - from_) / per_scaled_;
  return options_.scale == Scale::linear ? at : std::pow(10.0, at);
}

double Axis::pixels_from_origin(double value) const {
  return scaled(value) * std::abs(per_scaled_);
}

double Axis::value_from_origin(double pixels) const {
  const double scaled_value = pixels / std::abs(per_scaled_);
  return options_.scale == Scale::linear ? scaled_value : std::pow(10.0, scaled_value);
}

std::vector<Tick> Axis::ticks(float distance) const {
  if (std::abs(to_ - from_) < 1 || !(distance > 0)) return {};
  return options_.scale == Scale::linear ? linear_ticks(distance) : decade_ticks(distance);
}

std::vector<Tick> Axis::linear_ticks(float distance) const {
  const double unit = options_.tick_unit;
  const double per_pixel = (maximum_ - minimum_) / unit / std::abs(to_ - from_);
  double step = nice_step(per_pixel * distance);
  if (options_.integer) step = std::max(step, 1.0);
  std::vector<Tick> ticks;
  const auto last = static_cast<std::int64_t>(std::floor(maximum_ / unit / step + 1e-9));
  for (auto i = static_cast<std::int64_t>(std::ceil(minimum_ / unit / step - 1e-9)); i <= last;
       ++i) {
    const double value = static_cast<double>(i) * step * unit;
    ticks.push_back({value, i == 0 || unit == 1 ? options_.format(value)
                                                : in_unit(value / unit, options_.format(unit))});
  }
  return ticks;
}

std::vector<Tick> Axis::decade_ticks(float distance) const {
  const double decades = std::log10(maximum_) - std::log10(minimum_);
  const double pixels_per_decade = std::abs(to_ - from_) / decades;
  const int stride = std::max(1, static_cast<int>(std::ceil(distance / pixels_per_decade)));
  std::vector<Tick> ticks;
  const int last = static_cast<int>(std::floor(std::log10(maximum_) + 1e-9));
  for (int power = static_cast<int>(std::ceil(std::log10(minimum_) - 1e-9)); power <= last;
       power += stride) {
    const double value = std::pow(10.0, power);
    ticks.push_back({value, options_.format(value)});
  }
  return ticks;
}

}  // namespace sketchscope::plot
