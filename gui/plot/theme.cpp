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
  theme.faint = Color::hex(0x626d7c);
  theme.quiet = Color::hex(0x4d5765);
  theme.text = Color::hex(0x18202a);
  theme.accent = Color::hex(0x0a6bb0);
  theme.on_accent = Color::hex(0xffffff);
  theme.sink = Color::hex(0xb87f00);
  theme.kept = Color::hex(0x3b82c4);
  theme.recent = Color::hex(0x1a8f73);
  theme.evicted = Color::hex(0xbcc6d2);
  theme.evicted_now = Color::hex(0xd2492a);
  theme.pending = Color::hex(0x8f5c00);
  theme.good = Color::hex(0x11785a);
  theme.bad = Color::hex(0xc03318);
  theme.runs = {Color::hex(0x0a6bb0), Color::hex(0x8f5c00), Color::hex(0xeb5361),
                Color::hex(0x112389), Color::hex(0xd36295), Color::hex(0x9d1f4c),
                Color::hex(0x2c2f05), Color::hex(0x57064f)};
  theme.parts = {Color::hex(0x3b82c4), Color::hex(0x476f47), Color::hex(0xb7810a),
                 Color::hex(0xae4582), Color::hex(0x413f49), Color::hex(0x0f0b19)};
}

/// Sets Okabe and Ito's colours for the statuses, which also differ in lightness; those that are
/// too pale for a white card, darker.
void make_safe(Theme& theme, Brightness brightness) {
  const bool dark = brightness == Brightness::dark;
  theme.sink = Color::hex(dark ? 0xf0e442 : 0xb87a00);
  theme.kept = Color::hex(dark ? 0x2a86c8 : 0x00588c);
  theme.recent = Color::hex(dark ? 0x8fd0f5 : 0x3a93c9);
  theme.evicted_now = Color::hex(dark ? 0xd55e00 : 0x9e3600);
  theme.dashed_layers = true;
  theme.pending = Color::hex(dark ? 0xe69f00 : 0x8a5a00);
  theme.good = Color::hex(dark ? 0x56b4e9 : 0x006aa6);
  theme.bad = Color::hex(dark ? 0xf07818 : 0xae4c00);
}

/// Returns the relative luminance of an sRGB colour.
double luminance(Color color) {
  const auto linear = [](std::uint8_t channel) {
    const double value = channel / 255.0;
    return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
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

double contrast(Color one, Color other) {
  const double first = luminance(one);
  const double second = luminance(other);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

Color mix(Color from, Color to, double t) {
  return {mix_channel(from.red, to.red, t), mix_channel(from.green, to.green, t),
          mix_channel(from.blue, to.blue, t), mix_channel(from.alpha, to.alpha, t)};
}

Color viridis(double t) {
  // A share that is not a number, such as that of nothing, gets the darkest colour.
  const double share = t > 0 ? std::min(t, 1.0) : 0;
  const double at = share * (kViridis.size() - 1);
  const auto lower = std::min(static_cast<std::size_t>(at), kViridis.size() - 2);
  return mix(kViridis[lower], kViridis[lower + 1], at - static_cast<double>(lower));
}

}  // namespace sketchscope::plot
