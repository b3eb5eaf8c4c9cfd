#pragma once

#include "gui/plot/svg_canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope {

/// The window's theme on white paper.
inline Theme paper_theme() {
  Theme theme;
  theme.background = theme.card = Color::hex(0xffffff);
  theme.border = theme.grid = Color::hex(0xe4e9ef);
  theme.faint = Color::hex(0x7a8694);
  theme.quiet = Color::hex(0x5b6876);
  theme.text = Color::hex(0x1b2430);
  theme.accent = Color::hex(0x0b6bcb);
  theme.categories = {Color::hex(0x0b6bcb), Color::hex(0xd98200), Color::hex(0x009e73),
                      Color::hex(0xb8568f), Color::hex(0x56b4e9), Color::hex(0xc44e1c),
                      Color::hex(0x6b5bd2), Color::hex(0x6f7783)};
  return theme;
}

inline SvgCanvas paper(Size size) {
  return {size, paper_theme()};
}

}  // namespace sketchscope
