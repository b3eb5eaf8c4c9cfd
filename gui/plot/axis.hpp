#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sketchscope {

enum class Scale : std::uint8_t { linear, log10 };

/// How a value is written: under a tick, in a legend, in a readout.
using ValueFormat = std::string (*)(double value);

/// As few digits as tell it apart: "0.083", "312", "1.2e-05".
std::string format_number(double value);
std::string format_integer(double value);
/// A share: 0.031 is "3.1 %".
std::string format_percent(double value);
/// Bytes: "512 B", "8.0 KiB", "4.81 MiB".
std::string format_bytes(double value);
std::string format_milliseconds(double value);
std::string format_tokens_per_second(double value);

struct AxisOptions {
  double minimum = 0;
  double maximum = 1;
  Scale scale = Scale::linear;
  bool integer = false;  ///< ticks on whole numbers only
  ValueFormat format = format_number;
};

struct Tick {
  double value = 0;
  std::string label;
};

/// Maps values to pixels along one direction. An empty or non-finite range is widened to one that
/// can be drawn; on a log axis values ≤ 0 lie on the lower end.
class Axis {
 public:
  Axis(const AxisOptions& options, float from_pixel, float to_pixel);

  [[nodiscard]] float pixel(double value) const;
  [[nodiscard]] double value(float pixel) const;
  /// Ticks at 1, 2 or 5 times a power of ten (powers of ten on a log axis), at least `distance`
  /// pixels apart.
  [[nodiscard]] std::vector<Tick> ticks(float distance) const;

  [[nodiscard]] double minimum() const { return minimum_; }
  [[nodiscard]] double maximum() const { return maximum_; }
  [[nodiscard]] ValueFormat format() const { return options_.format; }

 private:
  [[nodiscard]] double scaled(double value) const;

  AxisOptions options_;
  double minimum_;
  double maximum_;
  float from_;
  float to_;
};

/// The smallest 1, 2 or 5 times a power of ten that is ≥ `value`; value > 0.
double nice_step(double value);
/// The end of an axis that starts at zero and should hold `value` with a little air.
double nice_maximum(double value);

}  // namespace sketchscope
