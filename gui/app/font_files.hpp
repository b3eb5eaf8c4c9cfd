#pragma once

#include <string>
#include <string_view>

namespace sketchscope {

/// A font file that fontconfig found.
struct FontFile {
  std::string path;
  std::string family;
  int index = 0;        ///< of the font within its file
  bool wanted = false;  ///< it is the family that was asked for, not a substitute
};

/// The installed font nearest to a family and weight (fontconfig's numbers: 80 regular, 180 semi
/// bold). Throws Error if there is no scalable font at all.
FontFile find_font(std::string_view family, int weight, std::string_view generic);

}  // namespace sketchscope
