#include "kernels/layer_norm.hpp"

#include <cmath>

namespace sketchscope::reference {

void layer_norm(std::span<const float> input, std::span<const float> scale,
                std::span<const float> bias, float epsilon, std::span<float> output) {
  const std::size_t width = scale.size();
  for (std::size_t start = 0; start < input.size(); start += width) {
    const auto row = input.subspan(start, width);
    double mean = 0.0;
    for (const double x : row) mean += x;
    mean /= static_cast<double>(width);
    double variance = 0.0;
    for (const double x : row) variance += (x - mean) * (x - mean);
    variance /= static_cast<double>(width);
    const double inverse = 1.0 / std::sqrt(variance + static_cast<double>(epsilon));
    for (std::size_t c = 0; c < width; ++c) {
      output[start + c] = static_cast<float>((row[c] - mean) * inverse * scale[c] + bias[c]);
    }
  }
}

}  // namespace sketchscope::reference
