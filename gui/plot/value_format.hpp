#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>

// How the window and the reports write a number. A value that is not finite becomes kAbsent.

namespace sketchscope::plot {

/// The text for a number that was not measured.
inline constexpr std::string_view kAbsent = "–";
/// The value in a series that was not measured, which charts draw as a gap.
inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// Converts an absent value to kMissing.
template <class T>
double or_missing(const std::optional<T>& value) {
  return value ? static_cast<double>(*value) : kMissing;
}

/// Formats a value for ticks, legends and readouts.
using ValueFormat = std::string (*)(double value);

/// Formats three significant digits, integers from 1000 on: "0.083", "312", "1.2e-05", "16384".
std::string format_number(double value);
std::string format_integer(double value);
/// Formats a share, below 10 % with one decimal, and near the whole with up to two: "3.1 %", "61
/// %", "99.97 %".
std::string format_percent(double share);
/// Formats a share with fixed decimals, so that a readout keeps its width from step to step.
std::string format_percent(double share, int decimals);
/// Formats a share with its sign: "+3.1 %", "−87 %".
std::string format_signed_percent(double share);
/// Formats the probability of a token: "61 %", "3.4 %", or "<0.1 %" and ">99.9 %", which differ
/// from "0 %" and "100 %".
std::string format_probability(double probability);
/// Formats bytes with three digits: "512 B", "8 KiB", "4.81 MiB".
std::string format_bytes(double bytes);
/// Formats bytes as format_bytes() does, with the zeros that align a column: "8.00 KiB".
std::string column_bytes(double bytes);
/// Formats a step: "step 312".
std::string format_step(double value);
std::string format_milliseconds(double value);
std::string format_tokens_per_second(double value);

/// Formats with fixed decimals, so that columns align.
std::string fixed_text(double value, int decimals);
/// Formats with `digits` significant digits.
std::string digits_text(double value, int digits);
/// Formats with five digits, at most four of them decimals, so that a column keeps its width.
std::string column_text(double value);
/// Formats a count with thousands separators: "2,140".
std::string count_text(long long count);

}  // namespace sketchscope::plot
