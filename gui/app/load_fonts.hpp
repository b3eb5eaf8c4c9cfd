#pragma once

#include <string>

#include "gui/plot/fonts.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope {

struct LoadedFonts {
  Fonts fonts;
  std::string notice;  ///< which wanted font is missing, and what to install; empty if none is
};

/// Fills ImGui's font atlas at the theme's sizes with Inter and JetBrains Mono, or what fontconfig
/// has in their place. Call between frames, then reload the platform's fonts.
LoadedFonts load_fonts(const Theme& theme);

}  // namespace sketchscope
