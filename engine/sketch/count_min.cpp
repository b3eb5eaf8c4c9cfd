#include "engine/sketch/count_min.hpp"

#include <cmath>

namespace sketchscope {

std::unique_ptr<Sketch> CountMin::clone() const {
  return std::make_unique<CountMin>(*this);
}

ErrorBound CountMin::error_bound() const {
  return {.above = foreign_mass_bound(), .failure = std::exp(-shape().depth)};
}

std::unique_ptr<Sketch> ConservativeCountMin::clone() const {
  return std::make_unique<ConservativeCountMin>(*this);
}

}  // namespace sketchscope
