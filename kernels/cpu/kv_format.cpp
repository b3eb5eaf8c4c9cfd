#include "kernels/kv_format.hpp"

#include "kernels/cpu/operations.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope {

void cpu::encode_kv(const KernelSet& kernels, const KvLayout& layout,
                    std::span<const float> vectors, std::span<std::byte> encoded) {
  check_kv(layout, vectors.size(), encoded.size());
  const auto width = static_cast<std::size_t>(layout.width);
  for (std::size_t i = 0; i < static_cast<std::size_t>(layout.count); ++i) {
    kernels.encode_vector(layout.format, layout.width, vectors.data() + i * width,
                          encoded.data() + i * layout.stride);
  }
}

void cpu::decode_kv(const KernelSet& kernels, const KvLayout& layout,
                    std::span<const std::byte> encoded, std::span<float> vectors) {
  check_kv(layout, vectors.size(), encoded.size());
  const auto width = static_cast<std::size_t>(layout.width);
  for (std::size_t i = 0; i < static_cast<std::size_t>(layout.count); ++i) {
    kernels.decode_vector(layout.format, layout.width, encoded.data() + i * layout.stride,
                          vectors.data() + i * width);
  }
}

void encode_kv(const KvLayout& layout, std::span<const float> vectors,
               std::span<std::byte> encoded) {
  cpu::encode_kv(cpu::best_kernels(), layout, vectors, encoded);
}

void decode_kv(const KvLayout& layout, std::span<const std::byte> encoded,
               std::span<float> vectors) {
  cpu::decode_kv(cpu::best_kernels(), layout, encoded, vectors);
}

}  // namespace sketchscope
