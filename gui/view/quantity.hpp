#pragma once

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

/// Fixed decimals, so that columns align; kAbsent if not finite.
std::string fixed_text(double value, int decimals);
/// Five digits, four of them decimals at most, so that a column of scores keeps its width.
std::string column_text(double value);
/// "61 %" from a share in [0, 1]; kAbsent if not finite.
std::string percent_text(double share, int decimals = 0);
/// A probability: "61 %", "3.4 %", "<0.1 %", so that the unlikely differs from the impossible.
std::string probability_text(double probability);
/// "1.15 MiB", two decimals so that columns align; kAbsent if not finite.
std::string bytes_text(double bytes);
/// Thousands apart: "2,140".
std::string count_text(long long count);

}  // namespace sketchscope
