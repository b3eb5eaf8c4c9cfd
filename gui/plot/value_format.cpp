#include "gui/plot/value_format.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace sketchscope::plot {
namespace {

/// Prints as "%.*f" or "%.*g" do, with `digits` for the asterisk.
std::string printed(std::chars_format format, int digits, double value) {
  if (!std::isfinite(value)) return std::string(kAbsent);
  std::array<char, 400> buffer;  // the largest number has 309 digits before its point
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, digits).ptr;
  return {buffer.data(), end};
}

}  // namespace

std::string fixed_text(double value, int decimals) {
  return printed(std::chars_format::fixed, decimals, value);
}

std::string digits_text(double value, int digits) {
  return printed(std::chars_format::general, digits, value);
}

std::string column_text(double value) {
  const double size = std::abs(value);
  return fixed_text(value, size < 10 ? 4 : size < 100 ? 3 : size < 1000 ? 2 : 0);
}

std::string count_text(long long count) {
  std::string digits = std::to_string(count);
  const std::ptrdiff_t first = count < 0 ? 1 : 0;
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > first; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

std::string format_number(double value) {
  if (value == 0) return "0";
  const double size = std::abs(value);
  return size >= 999.5 && size < 1e9 ? fixed_text(value, 0) : digits_text(value, 3);
}

std::string format_integer(double value) {
  return fixed_text(value == 0 ? 0 : value, 0);
}

std::string format_percent(double share, int decimals) {
  return std::isfinite(share) ? fixed_text(share * 100, decimals) + " %" : std::string(kAbsent);
}

std::string format_percent(double share) {
  const double percent = std::abs(share * 100);
  if (percent < 9.95) return format_percent(share, 1);
  // A share below the whole is not written as 100 %, unless less than 0.005 % is missing.
  if (percent >= 99.5 && percent < 99.995) return format_percent(share, percent < 99.95 ? 1 : 2);
  return format_percent(share, 0);
}

std::string format_signed_percent(double share) {
  const std::string sign = !std::isfinite(share) ? "" : std::signbit(share) ? "−" : "+";
  return sign + format_percent(std::abs(share));
}

std::string format_probability(double probability) {
  if (probability > 0 && probability < 0.0005) return "<0.1 %";
  if (probability >= 0.9995 && probability < 1) return ">99.9 %";
  return probability == 0 ? "0 %" : format_percent(probability);
}

std::string column_bytes(double bytes) {
  if (!std::isfinite(bytes)) return std::string(kAbsent);
  constexpr std::array<const char*, 4> kUnits = {" KiB", " MiB", " GiB", " TiB"};
  if (std::abs(bytes) < 1024) return fixed_text(bytes, 0) + " B";
  double value = bytes / 1024;
  std::size_t unit = 0;
  for (; std::abs(value) >= 999.5 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  const double size = std::abs(value);
  return fixed_text(value, size < 9.995 ? 2 : size < 99.95 ? 1 : 0) + kUnits[unit];
}

std::string format_bytes(double bytes) {
  if (std::abs(bytes) < 1024) return format_number(bytes) + " B";
  std::string text = column_bytes(bytes);
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return text;
  const std::size_t space = text.find(' ');
  const std::size_t last = text.find_last_not_of('0', space - 1);
  text.erase(last == point ? point : last + 1, space - (last == point ? point : last + 1));
  return text;
}

std::string format_step(double value) {
  return "step " + format_integer(value);
}

std::string format_milliseconds(double value) {
  return format_number(value) + " ms";
}

std::string format_tokens_per_second(double value) {
  return format_number(value) + " tok/s";
}

}  // namespace sketchscope::plot
