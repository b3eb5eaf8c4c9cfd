#include "gui/view/quantity.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace sketchscope {

std::string fixed_text(double value, int decimals) {
  if (!std::isfinite(value)) return std::string(kAbsent);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

std::string column_text(double value) {
  const double size = std::abs(value);
  return fixed_text(value, size < 10 ? 4 : size < 100 ? 3 : size < 1000 ? 2 : 0);
}

std::string percent_text(double share, int decimals) {
  if (!std::isfinite(share)) return std::string(kAbsent);
  return fixed_text(share * 100, decimals) + " %";
}

std::string probability_text(double probability) {
  if (probability > 0 && probability < 0.0005) return "<0.1 %";
  return percent_text(probability, probability > 0 && probability < 0.0995 ? 1 : 0);
}

std::string bytes_text(double bytes) {
  if (!std::isfinite(bytes)) return std::string(kAbsent);
  constexpr std::array<const char*, 4> kUnits = {" KiB", " MiB", " GiB", " TiB"};
  if (bytes < 1024) return fixed_text(bytes, 0) + " B";
  double value = bytes;
  std::size_t unit = 0;
  for (value /= 1024; value >= 999.5 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return fixed_text(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0) + kUnits[unit];
}

std::string count_text(long long count) {
  std::string digits = std::to_string(count);
  const std::ptrdiff_t first = count < 0 ? 1 : 0;
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > first; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

}  // namespace sketchscope
