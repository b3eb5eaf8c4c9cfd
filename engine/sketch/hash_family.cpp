#include "engine/sketch/hash_family.hpp"

#include <string>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope {
namespace {

std::uint64_t hash_of(const SketchHash& hash, std::uint32_t item) {
  return (hash.a * item + hash.b) % SketchHash::kPrime;
}

}  // namespace

HashFamily::HashFamily(const SketchShape& shape, Draw draw) : shape_(shape) {
  if (shape.width < 1 || shape.depth < 1 || shape.depth > kMostSketchRows) {
    throw UsageError(
        {.what = "shape of a sketch",
         .found = "width " + std::to_string(shape.width) + ", depth " + std::to_string(shape.depth),
         .expected = "at least 1 each, and at most " + std::to_string(kMostSketchRows) + " rows"});
  }
  SplitMix64 random(shape.seed);
  const auto next = [&random] {
    const std::uint64_t a = 1 + random.below(SketchHash::kPrime - 1);
    return SketchHash{.a = a, .b = random.below(SketchHash::kPrime)};
  };
  for (int row = 0; row < shape.depth; ++row) {
    buckets_.push_back(next());
    if (draw == Draw::buckets_and_signs) signs_.push_back(next());
  }
}

SketchRows HashFamily::rows() const {
  return {.buckets = buckets_, .signs = signs_, .width = static_cast<std::uint32_t>(shape_.width)};
}

std::uint32_t HashFamily::bucket(int row, std::uint32_t item) const {
  const std::uint64_t hash = hash_of(buckets_[static_cast<std::size_t>(row)], item);
  return static_cast<std::uint32_t>(hash) % static_cast<std::uint32_t>(shape_.width);
}

float HashFamily::sign(int row, std::uint32_t item) const {
  return hash_of(signs_[static_cast<std::size_t>(row)], item) % 2 == 0 ? 1.0F : -1.0F;
}

std::size_t HashFamily::bytes() const {
  return (buckets_.size() + signs_.size()) * sizeof(SketchHash);
}

}  // namespace sketchscope
