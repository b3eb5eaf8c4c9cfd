#include "gui/app/font_files.hpp"

#include <fontconfig/fontconfig.h>

#include <memory>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

struct Free {
  void operator()(FcPattern* pattern) const { FcPatternDestroy(pattern); }
  void operator()(FcConfig* config) const { FcConfigDestroy(config); }
};
using Pattern = std::unique_ptr<FcPattern, Free>;
using Config = std::unique_ptr<FcConfig, Free>;

const FcChar8* bytes(const std::string& text) {
  return reinterpret_cast<const FcChar8*>(text.c_str());
}

std::string text_property(FcPattern* pattern, const char* name) {
  FcChar8* value = nullptr;
  if (FcPatternGetString(pattern, name, 0, &value) != FcResultMatch) return {};
  return reinterpret_cast<const char*>(value);
}

}  // namespace

FontFile find_font(std::string_view family, int weight, std::string_view generic) {
  const Config config(FcInitLoadConfigAndFonts());
  const Pattern wanted(FcPatternCreate());
  const std::string name(family);
  const std::string fallback(generic);
  FcPatternAddString(wanted.get(), FC_FAMILY, bytes(name));
  FcPatternAddString(wanted.get(), FC_FAMILY, bytes(fallback));
  FcPatternAddInteger(wanted.get(), FC_WEIGHT, weight);
  FcPatternAddInteger(wanted.get(), FC_SLANT, FC_SLANT_ROMAN);
  FcPatternAddBool(wanted.get(), FC_SCALABLE, FcTrue);
  FcConfigSubstitute(config.get(), wanted.get(), FcMatchPattern);
  FcDefaultSubstitute(wanted.get());

  FcResult result = FcResultNoMatch;
  const Pattern match(FcFontMatch(config.get(), wanted.get(), &result));
  FontFile font;
  if (match) {
    font.path = text_property(match.get(), FC_FILE);
    font.family = text_property(match.get(), FC_FAMILY);
    FcPatternGetInteger(match.get(), FC_INDEX, 0, &font.index);
    // The upper half of the index selects an instance of a variable font, which is not supported.
    font.index &= 0xFFFF;
  }
  if (font.path.empty()) {
    throw Error({.what = "no font was found",
                 .expected = name + " or any scalable font",
                 .remedy = "Install the packages fonts-inter and fonts-jetbrains-mono"});
  }
  font.wanted = font.family == name;
  return font;
}

}  // namespace sketchscope
