#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sketchscope::decode {

/// Which position leaves instead when a position is spared from an eviction.
enum class SparedBy : std::uint8_t {
  next,   ///< the next candidate leaves instead
  extra,  ///< none: the table has one more slot from then on
};

/// Both ways to spare a position, in the order of their values, by which results are indexed.
inline constexpr std::array kWaysToSpare = {SparedBy::next, SparedBy::extra};

/// Returns "next" or "extra".
[[nodiscard]] constexpr std::string_view spared_by_text(SparedBy by) {
  return by == SparedBy::next ? "next" : "extra";
}

/// A position that a table keeps although its policy would evict it, so that a repeated run shows
/// what its eviction changed. Until the step of that eviction nothing differs, since the position
/// was no victim before; from then on it is protected.
struct SparedPosition {
  int layer = 0;
  int table = 0;  ///< index in the layer: 0, or the key/value head at granularity `head`
  int position = 0;
  SparedBy by = SparedBy::next;

  friend bool operator==(const SparedPosition&, const SparedPosition&) = default;
};

}  // namespace sketchscope::decode
