#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels::reference {

void rotate(const Rotation& rotation, int head_width, std::span<float> vectors) {
  const auto width = static_cast<std::size_t>(head_width);
  const std::size_t pairs = rotation.cosine.size();
  for (std::size_t start = 0; start < vectors.size(); start += width) {
    for (std::size_t i = start; i < start + pairs; ++i) {
      const double cosine = rotation.cosine[i - start];
      const double sine = rotation.sine[i - start];
      const double a = vectors[i];
      const double b = vectors[i + pairs];
      vectors[i] = static_cast<float>(a * cosine - b * sine);
      vectors[i + pairs] = static_cast<float>(b * cosine + a * sine);
    }
  }
}

}  // namespace sketchscope::kernels::reference
