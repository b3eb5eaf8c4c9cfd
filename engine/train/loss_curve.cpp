#include "engine/train/loss_curve.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope {

std::vector<double> read_loss_curve(const std::filesystem::path& log) {
  std::vector<double> losses;
  std::istringstream lines(read_file(log));
  for (std::string text; std::getline(lines, text);) {
    const auto line = nlohmann::json::parse(text, nullptr, false);
    const auto next = losses.size() + 1;
    const bool fits = line.is_object() && line.contains("step") &&
                      line["step"].is_number_unsigned() && line.contains("loss") &&
                      line["loss"].is_number() && line["step"] >= 1U && line["step"] <= next;
    if (!fits) {
      throw Error({.what = "training log " + log.string(),
                   .found = text.substr(0, 80),
                   .expected = "a JSON object with the loss of step " + std::to_string(next)});
    }
    losses.resize(line["step"].get<std::size_t>());
    losses.back() = line["loss"].get<double>();
  }
  return losses;
}

double largest_difference(std::span<const double> left, std::span<const double> right, int window) {
  const auto steps = std::min(left.size(), right.size());
  const auto length = static_cast<std::size_t>(window);
  double largest = 0;
  for (std::size_t first = 0; first + length <= steps; first += length) {
    const auto mean = [&](std::span<const double> curve) {
      const auto part = curve.subspan(first, length);
      return std::accumulate(part.begin(), part.end(), 0.0) / window;
    };
    largest = std::max(largest, std::abs(mean(left) - mean(right)));
  }
  return largest;
}

}  // namespace sketchscope
