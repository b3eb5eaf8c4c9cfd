#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/model/input_row.hpp"

namespace sketchscope::model {

/// Rotary positions (Su et al., arXiv 2104.09864): a token's queries and keys are rotated, pair by
/// pair of their numbers, by angles that grow with its position. Scalings of the context change the
/// frequencies once, so that these describe all of them.
struct RotaryPositions {
  std::vector<double> frequencies;  // (R / 2), radians per position
  double magnitude = 1.0;           ///< factor of all cosines and sines

  /// The numbers of each head that are rotated, R.
  [[nodiscard]] std::size_t width() const { return 2 * frequencies.size(); }
};

/// Returns theta^(−2 i / width) for i < width / 2.
[[nodiscard]] std::vector<double> rotary_frequencies(int width, double theta);

/// Writes the cosines and then the sines of each row's angles to `rotations` (B, 2, R / 2). Angles
/// are taken in double, so that they are exact at every position.
void write_rotations(const RotaryPositions& rotary, std::span<const InputRow> rows,
                     std::span<float> rotations);

/// Writes the means of the cosines and of the sines over the `count` positions from `first` on,
/// (2, R / 2), in closed form.
void write_mean_rotation(const RotaryPositions& rotary, int first, int count,
                         std::span<float> rotation);

/// Returns the rotations of heads of `head_width` numbers by the positions 0 … count − 1, (count,
/// 2, D), as attention takes them for keys that it rotates while it reads them (SlotRotations).
[[nodiscard]] std::vector<float> slot_rotations(const RotaryPositions& rotary, int head_width,
                                                int count);

}  // namespace sketchscope::model
