#include "tests/kernels/reference/reference.hpp"

#include <cmath>

namespace sketchscope::kernels::reference {

void rms_norm(std::span<const float> input, std::span<const float> scale, float epsilon,
              std::span<float> output) {
  const std::size_t width = scale.size();
  for (std::size_t start = 0; start < input.size(); start += width) {
    const auto row = input.subspan(start, width);
    double squares = 0.0;
    for (const double x : row) squares += x * x;
    const double inverse =
        1.0 / std::sqrt(squares / static_cast<double>(width) + static_cast<double>(epsilon));
    for (std::size_t c = 0; c < width; ++c) {
      output[start + c] = static_cast<float>(row[c] * inverse * scale[c]);
    }
  }
}

}  // namespace sketchscope::kernels::reference
