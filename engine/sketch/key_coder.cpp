#include "engine/sketch/key_coder.hpp"

#include <string>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope {
namespace {

constexpr int kMostBits = 24;

float nearly_gaussian(SplitMix64& random) {
  double sum = -6;
  for (int draw = 0; draw < 12; ++draw) sum += random.uniform();
  return static_cast<float>(sum);
}

}  // namespace

KeyCoder::KeyCoder(int width, int bits, std::uint64_t seed)
    : width_(static_cast<std::size_t>(width)) {
  if (bits < 1 || bits > kMostBits) {
    throw UsageError({.what = "lsh_bits",
                      .found = std::to_string(bits),
                      .expected = "1 to " + std::to_string(kMostBits)});
  }
  SplitMix64 random(seed);
  planes_.resize(static_cast<std::size_t>(bits) * width_);
  for (float& coordinate : planes_) coordinate = nearly_gaussian(random);
}

std::uint32_t KeyCoder::code(std::span<const float> key) const {
  std::uint32_t code = 0;
  for (std::size_t start = 0, bit = 0; start < planes_.size(); start += width_, ++bit) {
    // The product is summed in double and in order, so that every build gives the same bits.
    double side = 0;
    for (std::size_t at = 0; at < width_; ++at) side += double{planes_[start + at]} * key[at];
    if (side >= 0) code |= std::uint32_t{1} << bit;
  }
  return code;
}

}  // namespace sketchscope
