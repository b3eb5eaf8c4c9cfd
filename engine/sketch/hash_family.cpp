#include "engine/sketch/hash_family.hpp"

#include <string>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope {

HashFamily::HashFamily(const SketchShape& shape, Draw draw) : shape_(shape) {
  if (shape.width < 1 || shape.depth < 1) {
    throw UsageError(
        {.what = "shape of a sketch",
         .found = "width " + std::to_string(shape.width) + ", depth " + std::to_string(shape.depth),
         .expected = "at least 1 each"});
  }
  SplitMix64 random(shape.seed);
  const auto next = [&random] {
    const std::uint64_t a = 1 + random.below(kPrime - 1);
    return Affine{.a = a, .b = random.below(kPrime)};
  };
  for (int row = 0; row < shape.depth; ++row) {
    buckets_.push_back(next());
    if (draw == Draw::buckets_and_signs) signs_.push_back(next());
  }
}

std::size_t HashFamily::bytes() const {
  return (buckets_.size() + signs_.size()) * sizeof(Affine);
}

}  // namespace sketchscope
