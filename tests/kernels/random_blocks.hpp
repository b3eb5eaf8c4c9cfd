#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernels/layers.hpp"

namespace sketchscope::kernels {

/// The types of weights that lie in blocks.
inline constexpr WeightType kBlockTypes[] = {WeightType::q8_0, WeightType::q4_0, WeightType::q4_1};

/// A layer with random weights in blocks: as a file stores them, in panels, and as numbers.
class RandomBlocks {
 public:
  RandomBlocks(unsigned seed, WeightType type, int inputs, int outputs);
  RandomBlocks(const RandomBlocks&) = delete;
  RandomBlocks& operator=(const RandomBlocks&) = delete;

  [[nodiscard]] const Linear& layer() const { return layer_; }
  /// Returns the same layer with its numbers in f32, row-major.
  [[nodiscard]] Linear in_floats() const;
  [[nodiscard]] const std::vector<float>& numbers() const { return numbers_; }  // (N, K)
  [[nodiscard]] const std::vector<float>& bias() const { return bias_; }        // (N)
  /// The stored blocks of one output.
  [[nodiscard]] const std::byte* row(int output) const;
  [[nodiscard]] const std::vector<std::byte>& panels() const { return panels_; }

 private:
  std::vector<std::byte> stored_;
  std::vector<float> numbers_;
  std::vector<std::byte> panels_;
  std::vector<float> bias_;
  Linear layer_;
};

}  // namespace sketchscope::kernels
