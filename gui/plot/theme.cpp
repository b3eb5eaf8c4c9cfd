#include "gui/plot/theme.hpp"

namespace sketchscope {
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

}  // namespace

Theme make_theme(Brightness brightness, Palette palette) {
  Theme theme;
  if (brightness == Brightness::light) make_light(theme);
  if (palette == Palette::safe) make_safe(theme, brightness);
  return theme;
}

}  // namespace sketchscope
