#include "gui/plot/color_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace sketchscope {
namespace {

// Eleven points of viridis, evenly spaced, dark to light.
constexpr std::array<Color, 11> kViridis = {
    Color{68, 1, 84},    Color{72, 36, 117},  Color{65, 68, 135},  Color{53, 95, 141},
    Color{42, 120, 142}, Color{33, 145, 140}, Color{34, 168, 132}, Color{68, 191, 112},
    Color{122, 209, 81}, Color{189, 223, 38}, Color{253, 231, 37}};

std::uint8_t mix_channel(std::uint8_t from, std::uint8_t to, double t) {
  return static_cast<std::uint8_t>(from + (to - from) * t + 0.5);
}

}  // namespace

Color mix(Color from, Color to, double t) {
  return {mix_channel(from.red, to.red, t), mix_channel(from.green, to.green, t),
          mix_channel(from.blue, to.blue, t), mix_channel(from.alpha, to.alpha, t)};
}

Color viridis(double t) {
  const double at = std::clamp(t, 0.0, 1.0) * (kViridis.size() - 1);
  const auto lower = std::min(static_cast<std::size_t>(at), kViridis.size() - 2);
  return mix(kViridis[lower], kViridis[lower + 1], at - static_cast<double>(lower));
}

}  // namespace sketchscope
