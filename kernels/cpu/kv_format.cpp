#include "kernels/kv_format.hpp"

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope::kernels {

void encode_kv(const KvLayout& layout, std::span<const float> vectors, std::span<std::byte> encoded,
               const cpu::KernelSet& kernels) {
  check_kv(layout, vectors.size(), encoded.size());
  const auto width = static_cast<std::size_t>(layout.width);
  for (std::size_t i = 0; i < static_cast<std::size_t>(layout.count); ++i) {
    kernels.encode_vector(layout.format, layout.width, vectors.data() + i * width,
                          encoded.data() + i * layout.stride);
  }
}

void decode_kv(const KvLayout& layout, std::span<const std::byte> encoded, std::span<float> vectors,
               const cpu::KernelSet& kernels) {
  check_kv(layout, vectors.size(), encoded.size());
  const auto width = static_cast<std::size_t>(layout.width);
  for (std::size_t i = 0; i < static_cast<std::size_t>(layout.count); ++i) {
    kernels.decode_vector(layout.format, layout.width, encoded.data() + i * layout.stride,
                          vectors.data() + i * width);
  }
}

}  // namespace sketchscope::kernels
