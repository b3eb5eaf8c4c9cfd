#include "kernels/rotary.hpp"

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope::kernels {

void rotate(const Rotation& rotation, int head_width, std::span<float> vectors,
            const cpu::KernelSet& kernels) {
  check_rotation(rotation, head_width, vectors);
  const auto width = static_cast<std::size_t>(head_width);
  for (std::size_t start = 0; start < vectors.size(); start += width) {
    kernels.rotate({.cosine = rotation.cosine.data(),
                    .sine = rotation.sine.data(),
                    .pairs = static_cast<int>(rotation.cosine.size()),
                    .vector = vectors.data() + start});
  }
}

}  // namespace sketchscope::kernels
