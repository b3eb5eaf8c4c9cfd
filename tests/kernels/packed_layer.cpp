#include "tests/kernels/packed_layer.hpp"

#include <cstring>

#include "kernels/weight_panels.hpp"

namespace sketchscope::kernels {

PackedLayer::PackedLayer(const Linear& row_major) : layer_(row_major) {
  const auto& [weight, type, scale, bias, inputs, outputs] = row_major;
  if (in_blocks(type) || outputs == 0 || inputs == 0) return;
  panels_.resize(matrix_bytes(type, outputs, inputs));
  std::memcpy(panels_.data(), weight, static_cast<std::size_t>(outputs) * row_bytes(type, inputs));
  pack_in_place(type, outputs, inputs, panels_);
  layer_.weight = panels_.data();
}

}  // namespace sketchscope::kernels
