#include "kernels/rotary.hpp"

#include "kernels/cpu/operations.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope {

void cpu::rotate(const KernelSet& kernels, const Rotation& rotation, int head_width,
                 std::span<float> vectors) {
  check_rotation(rotation, head_width, vectors);
  const auto width = static_cast<std::size_t>(head_width);
  for (std::size_t start = 0; start < vectors.size(); start += width) {
    kernels.rotate({.cosine = rotation.cosine.data(),
                    .sine = rotation.sine.data(),
                    .pairs = static_cast<int>(rotation.cosine.size()),
                    .vector = vectors.data() + start});
  }
}

void rotate(const Rotation& rotation, int head_width, std::span<float> vectors) {
  cpu::rotate(cpu::best_kernels(), rotation, head_width, vectors);
}

}  // namespace sketchscope
