#pragma once

#include "engine/sketch/count_min.hpp"

namespace sketchscope {

/// Count-min with conservative update (Estan and Varghese, 2002), a batch at a time: all estimates
/// are read before any write, then each cell rises to the largest estimate + mass of its items.
///
/// Rounding to float never reverses an order, so estimates lie between the exact sums and those of
/// count-min bit for bit, not only up to rounding.
class ConservativeCountMin final : public CountMin {
 public:
  explicit ConservativeCountMin(const SketchShape& shape) : CountMin(shape, SketchUpdate::raise) {}

  [[nodiscard]] std::unique_ptr<Sketch> clone() const override;
  [[nodiscard]] std::string_view kind() const override { return "count-min-conservative"; }
};

}  // namespace sketchscope
