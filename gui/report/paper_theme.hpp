#pragma once

#include "gui/plot/svg_canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope {

/// Returns the light theme on white, with category colours that are dark enough for thin lines.
inline Theme paper_theme() {
  Theme theme = make_theme(Brightness::light, Palette::standard);
  theme.background = theme.card;
  theme.categories = {Color::hex(0x0b6bcb), Color::hex(0xd98200), Color::hex(0x009e73),
                      Color::hex(0xb8568f), Color::hex(0x56b4e9), Color::hex(0xc44e1c),
                      Color::hex(0x6b5bd2), Color::hex(0x6f7783)};
  return theme;
}

inline SvgCanvas paper(Size size) {
  return {size, paper_theme()};
}

}  // namespace sketchscope
