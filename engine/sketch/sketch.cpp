#include "engine/sketch/sketch.hpp"

#include <algorithm>
#include <string>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

std::string describe(const Sketch& sketch) {
  const SketchShape shape = sketch.shape();
  return std::string(sketch.kind()) + " " + std::to_string(shape.width) + " × " +
         std::to_string(shape.depth) + ", seed " + std::to_string(shape.seed);
}

}  // namespace

float Sketch::estimate(std::uint32_t id) const {
  float estimate = 0;
  estimate_all({&id, 1}, {&estimate, 1});
  return estimate;
}

void Sketch::merge(const Sketch& other) {
  if (&other == this) {
    throw UsageError({.what = "sketch to merge", .found = "itself", .expected = "another one"});
  }
  if (other.kind() != kind() || other.shape() != shape()) {
    throw UsageError(
        {.what = "sketch to merge", .found = describe(other), .expected = describe(*this)});
  }
  add_counters(other.counters(), other.total_mass());
  if (other.approximate()) mark_approximate();
}

}  // namespace sketchscope
