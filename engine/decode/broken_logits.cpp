#include "engine/decode/broken_logits.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>

namespace sketchscope::decode {
namespace {

/// Looks at all numbers without a branch between them, so that the compiler vectorises the loop.
bool are_finite(std::span<const float> numbers) {
  constexpr std::uint32_t kExponent = 0x7F800000U;  // all ones in NaN and infinity alone
  std::uint32_t broken = 0;
  for (const float number : numbers) {
    broken |=
        static_cast<std::uint32_t>((std::bit_cast<std::uint32_t>(number) & kExponent) == kExponent);
  }
  return broken == 0;
}

}  // namespace

void require_finite(std::span<const float> logits, std::size_t tokens) {
  if (are_finite(logits)) return;
  const auto first = std::ranges::find_if(logits, [](float x) { return !std::isfinite(x); });
  const std::string number = std::isnan(*first) ? "NaN" : *first > 0 ? "infinity" : "-infinity";
  throw BrokenLogits({.what = "logits after " + std::to_string(tokens) + " tokens",
                      .found = number + " for token " + std::to_string(first - logits.begin()),
                      .expected = "a finite number for every token",
                      .remedy = "The model's numbers overflow: give --dtype f32, or fetch its "
                                "weights again"});
}

}  // namespace sketchscope::decode
