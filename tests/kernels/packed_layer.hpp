#pragma once

#include <cstddef>
#include <vector>

#include "kernels/layers.hpp"

namespace sketchscope::kernels {

/// A layer whose row-major weights were put into panels; one with blocks is taken as it is.
class PackedLayer {
 public:
  explicit PackedLayer(const Linear& row_major);
  PackedLayer(const PackedLayer&) = delete;
  PackedLayer& operator=(const PackedLayer&) = delete;

  [[nodiscard]] const Linear& layer() const { return layer_; }

 private:
  std::vector<std::byte> panels_;
  Linear layer_;
};

}  // namespace sketchscope::kernels
