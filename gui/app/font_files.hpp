#pragma once

#include <string>
#include <string_view>

namespace sketchscope {

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

}  // namespace sketchscope
