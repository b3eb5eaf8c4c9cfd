#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace sketchscope {

/// The text for a number that was not measured.
inline constexpr std::string_view kAbsent = "–";
/// The value in a series that was not measured, which charts draw as a gap.
inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// Converts an absent value to kMissing.
template <class T>
double or_missing(const std::optional<T>& value) {
  return value ? static_cast<double>(*value) : kMissing;
}

/// Formats with fixed decimals, so that columns align; kAbsent if not finite.
std::string fixed_text(double value, int decimals);
/// Formats with five digits, at most four of them decimals, so that a column keeps its width.
std::string column_text(double value);
/// Formats a share in [0, 1], such as "61 %"; kAbsent if not finite.
std::string percent_text(double share, int decimals = 0);
/// Formats a probability: "61 %", "3.4 %", or "<0.1 %", which differs from 0.
std::string probability_text(double probability);
/// Formats bytes with two decimals, such as "1.15 MiB"; kAbsent if not finite.
std::string bytes_text(double bytes);
/// Formats a count with thousands separators: "2,140".
std::string count_text(long long count);

}  // namespace sketchscope
