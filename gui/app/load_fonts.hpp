#pragma once

#include <string>

#include "gui/plot/imgui_canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope {

/// The fonts, and a notice if one is missing.
struct LoadedFonts {
  Fonts fonts;
  std::string notice;  ///< the missing font and its package; empty if none
};

/// Fills ImGui's font atlas at the theme's sizes with Inter and JetBrains Mono, or fontconfig's
/// substitutes. Call between frames, then reload the platform's fonts.
LoadedFonts load_fonts(const Theme& theme);

}  // namespace sketchscope
