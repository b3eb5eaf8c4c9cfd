#include "engine/model/rotary_positions.hpp"

#include <algorithm>
#include <cmath>

namespace sketchscope::model {

std::vector<double> rotary_frequencies(int width, double theta) {
  std::vector<double> frequencies;
  for (int i = 0; i + 1 < width; i += 2) frequencies.push_back(std::pow(theta, -1.0 * i / width));
  return frequencies;
}

void write_rotations(const RotaryPositions& rotary, std::span<const InputRow> rows,
                     std::span<float> rotations) {
  const std::size_t pairs = rotary.frequencies.size();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::span<float> rotation = rotations.subspan(2 * row * pairs, 2 * pairs);
    for (std::size_t i = 0; i < pairs; ++i) {
      const double angle = rows[row].position * rotary.frequencies[i];
      rotation[i] = static_cast<float>(rotary.magnitude * std::cos(angle));
      rotation[pairs + i] = static_cast<float>(rotary.magnitude * std::sin(angle));
    }
  }
}

void write_mean_rotation(const RotaryPositions& rotary, int first, int count,
                         std::span<float> rotation) {
  const std::size_t pairs = rotary.frequencies.size();
  for (std::size_t i = 0; i < pairs; ++i) {
    const double half = rotary.frequencies[i] / 2;
    // Angles in equal steps add up to one in their middle, whose length is that of a chord.
    const double chord =
        std::sin(half) == 0 ? 1.0 : std::sin(count * half) / (count * std::sin(half));
    const double middle = (2.0 * first + count - 1) * half;
    rotation[i] = static_cast<float>(rotary.magnitude * chord * std::cos(middle));
    rotation[pairs + i] = static_cast<float>(rotary.magnitude * chord * std::sin(middle));
  }
}

std::vector<float> slot_rotations(const RotaryPositions& rotary, int head_width, int count) {
  const std::size_t pairs = rotary.frequencies.size();
  const auto width = static_cast<std::size_t>(head_width);
  std::vector<float> rotations(static_cast<std::size_t>(count) * 2 * width);
  std::vector<float> rotation(2 * pairs);
  for (int position = 0; position < count; ++position) {
    const InputRow row{.position = position};
    write_rotations(rotary, {&row, 1}, rotation);
    const auto cosine =
        std::span(rotations).subspan(2 * width * static_cast<std::size_t>(position));
    const auto sine = cosine.subspan(width);
    std::ranges::fill(cosine.first(width), 1.0F);
    for (std::size_t i = 0; i < pairs; ++i) {
      cosine[i] = cosine[pairs + i] = rotation[i];
      sine[pairs + i] = rotation[pairs + i];
      sine[i] = -rotation[pairs + i];
    }
  }
  return rotations;
}

}  // namespace sketchscope::model
