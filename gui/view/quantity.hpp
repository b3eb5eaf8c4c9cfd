#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace sketchscope {

/// What a number looks like that was not measured.
inline constexpr std::string_view kAbsent = "–";
/// The same inside a series, where lines show it as a gap.
inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// Absent becomes kMissing, for series.
template <class T>
double or_missing(const std::optional<T>& value) {
  return value ? static_cast<double>(*value) : kMissing;
}

/// Fixed decimals; kAbsent if not finite.
std::string number_text(double value, int decimals);
/// Three significant digits without an exponent between 0.001 and 99,999; kAbsent if not finite.
std::string short_text(double value);
/// "61 %" from a share in [0, 1]; kAbsent if not finite.
std::string percent_text(double share, int decimals = 0);
/// "1.15 MiB"; kAbsent if not finite.
std::string bytes_text(double bytes);
/// Thousands apart: "2,140".
std::string count_text(long long count);

}  // namespace sketchscope
