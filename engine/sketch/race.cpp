#include "engine/sketch/race.hpp"

#include <numbers>

namespace sketchscope {

std::unique_ptr<Sketch> Race::clone() const {
  return std::make_unique<Race>(*this);
}

ErrorBound Race::error_bound() const {
  return {.above = foreign_mass_bound(), .failure = 1 / std::numbers::e};
}

}  // namespace sketchscope
