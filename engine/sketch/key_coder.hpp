#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sketchscope {

/// Sign-projection codes of keys (Charikar, 2002): bit i says on which side of a random plane a key
/// lies, so keys at an angle θ agree in it with probability 1 − θ/π. Planes are nearly Gaussian
/// sums of twelve uniform draws of SplitMix64, the same on every platform.
class KeyCoder {
 public:
  /// Draws the planes of codes of `bits` bits (1 to 24) for keys of `width` numbers.
  KeyCoder(int width, int bits, std::uint64_t seed);

  /// Returns the code of a key (width).
  [[nodiscard]] std::uint32_t code(std::span<const float> key) const;
  [[nodiscard]] std::size_t bytes() const { return planes_.size() * sizeof(float); }

 private:
  std::size_t width_;
  std::vector<float> planes_;  // (bits, width)
};

}  // namespace sketchscope
