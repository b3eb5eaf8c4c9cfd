#include "engine/model/rotary_positions.hpp"

#include <cmath>

namespace sketchscope::model {

std::vector<double> rotary_frequencies(int width, double theta) {
  std::vector<double> frequencies;
  for (int i = 0; i + 1 < width; i += 2) frequencies.push_back(std::pow(theta, -1.0 * i / width));
  return frequencies;
}

void write_turns(const RotaryPositions& rotary, std::span<const InputRow> rows,
                 std::span<float> turns) {
  const std::size_t pairs = rotary.frequencies.size();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::span<float> turn = turns.subspan(2 * row * pairs, 2 * pairs);
    for (std::size_t i = 0; i < pairs; ++i) {
      const double angle = rows[row].position * rotary.frequencies[i];
      turn[i] = static_cast<float>(rotary.magnitude * std::cos(angle));
      turn[pairs + i] = static_cast<float>(rotary.magnitude * std::sin(angle));
    }
  }
}

}  // namespace sketchscope::model
