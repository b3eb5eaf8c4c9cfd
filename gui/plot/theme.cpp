#include "gui/plot/theme.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace sketchscope::plot {
namespace {

void make_light(Theme& theme) {
  theme.background = Color::hex(0xeef1f5);
  theme.card = Color::hex(0xffffff);
  theme.control = Color::hex(0xedf0f4);
  theme.border = Color::hex(0xd5dce5);
  theme.grid = Color::hex(0xe4e9ef);
  theme.faint = Color::hex(0x76808f);
  theme.quiet = Color::hex(0x566170);
  theme.text = Color::hex(0x18202a);
  theme.accent = Color::hex(0x0878c9);
  theme.on_accent = Color::hex(0xffffff);
  theme.sink = Color::hex(0xd79a0c);
  theme.kept = Color::hex(0x3b82c4);
  theme.recent = Color::hex(0x1f9d7f);
  theme.evicted = Color::hex(0xe6ebf1);
  theme.evicted_now = Color::hex(0xd2492a);
  theme.pending = Color::hex(0x9a6400);
  theme.good = Color::hex(0x11785a);
  theme.bad = Color::hex(0xc8371b);
}

/// Sets Okabe and Ito's colours for the statuses, which also differ in lightness.
void make_safe(Theme& theme, Brightness brightness) {
  const bool dark = brightness == Brightness::dark;
  theme.sink = Color::hex(dark ? 0xf0e442 : 0xe69f00);
  theme.kept = Color::hex(0x0072b2);
  theme.recent = Color::hex(0x56b4e9);
  theme.evicted_now = Color::hex(0xd55e00);
  theme.pending = Color::hex(dark ? 0xe69f00 : 0x8a5a00);
  theme.good = Color::hex(dark ? 0x56b4e9 : 0x0072b2);
  theme.bad = Color::hex(0xd55e00);
}

// Eleven points of viridis, evenly spaced, dark to light.
constexpr std::array<Color, 11> kViridis = {
    Color{68, 1, 84},    Color{72, 36, 117},  Color{65, 68, 135},  Color{53, 95, 141},
    Color{42, 120, 142}, Color{33, 145, 140}, Color{34, 168, 132}, Color{68, 191, 112},
    Color{122, 209, 81}, Color{189, 223, 38}, Color{253, 231, 37}};

std::uint8_t mix_channel(std::uint8_t from, std::uint8_t to, double t) {
  return static_cast<std::uint8_t>(from + (to - from) * t + 0.5);
}

}  // namespace

Theme make_theme(Brightness brightness, Palette palette) {
  Theme theme;
  if (brightness == Brightness::light) make_light(theme);
  if (palette == Palette::safe) make_safe(theme, brightness);
  return theme;
}

Color mix(Color from, Color to, double t) {
  return {mix_channel(from.red, to.red, t), mix_channel(from.green, to.green, t),
          mix_channel(from.blue, to.blue, t), mix_channel(from.alpha, to.alpha, t)};
}

Color viridis(double t) {
  const double at = std::clamp(t, 0.0, 1.0) * (kViridis.size() - 1);
  const auto lower = std::min(static_cast<std::size_t>(at), kViridis.size() - 2);
  return mix(kViridis[lower], kViridis[lower + 1], at - static_cast<double>(lower));
}

}  // namespace sketchscope::plot
