#include "gui/plot/value_format.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace sketchscope {
namespace {

constexpr std::string_view kNothing = "–";
constexpr std::string_view kMinus = "−";

std::string printed(const char* pattern, double value) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), pattern, value);
  return buffer.data();
}

}  // namespace

std::string format_number(double value) {
  if (!std::isfinite(value)) return std::string(kNothing);
  if (value == 0) return "0";
  const double size = std::abs(value);
  return printed(size >= 999.5 && size < 1e9 ? "%.0f" : "%.3g", value);
}

std::string format_integer(double value) {
  if (!std::isfinite(value)) return std::string(kNothing);
  return printed("%.0f", value == 0 ? 0 : value);
}

std::string format_percent(double value) {
  if (!std::isfinite(value)) return std::string(kNothing);
  const double percent = value * 100;
  return printed(std::abs(percent) < 9.95 ? "%.1f" : "%.0f", percent) + " %";
}

std::string format_signed_percent(double value) {
  if (!std::isfinite(value)) return std::string(kNothing);
  return std::string(std::signbit(value) ? kMinus : "+") + format_percent(std::abs(value));
}

std::string format_bytes(double value) {
  if (!std::isfinite(value)) return std::string(kNothing);
  constexpr std::array<const char*, 5> kUnits = {" B", " KiB", " MiB", " GiB", " TiB"};
  std::size_t unit = 0;
  while (std::abs(value) >= 1023.5 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return format_number(value) + kUnits[unit];
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

}  // namespace sketchscope
