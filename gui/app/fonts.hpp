#pragma once

#include <string>
#include <string_view>

#include "gui/plot/imgui_canvas.hpp"
#include "gui/plot/theme.hpp"

namespace sketchscope::app {

/// A font file that fontconfig found.
struct FontFile {
  std::string path;
  std::string family;
  int index = 0;        ///< index of the font in its file
  bool wanted = false;  ///< false for a substitute family
};

/// Finds the installed font nearest to a family and weight (fontconfig's numbers: 80 regular, 180
/// semi bold). Throws Error if there is no scalable font at all.
FontFile find_font(std::string_view family, int weight, std::string_view generic);

/// The fonts, and a notice if one is missing.
struct LoadedFonts {
  plot::Fonts fonts;
  std::string notice;  ///< the missing font and its package; empty if none
};

/// Fills ImGui's font atlas at the theme's sizes with Inter and JetBrains Mono, or fontconfig's
/// substitutes. Call between frames, then reload the platform's fonts.
LoadedFonts load_fonts(const plot::Theme& theme);

}  // namespace sketchscope::app
