#include "gui/app/fonts.hpp"

#include <fontconfig/fontconfig.h>
#include <imgui.h>
#include <stb_truetype.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope::app {
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

constexpr int kRegular = 80;  // fontconfig's weights
constexpr int kSemiBold = 180;

struct FaceFile {
  plot::Face face;
  const char* family;
  int weight;
  const char* generic;
};

constexpr std::array kFaceFiles = {
    FaceFile{plot::Face::sans, "Inter", kRegular, "sans-serif"},
    FaceFile{plot::Face::sans_bold, "Inter", kSemiBold, "sans-serif"},
    FaceFile{plot::Face::mono, "JetBrains Mono", kRegular, "monospace"},
};

// The glyphs of labels and of most tokens, listed because ImGui 1.86 rasterises glyphs in advance.
constexpr std::array<ImWchar, 27> kGlyphRanges = {
    0x0020, 0x024F,  // Latin, its supplement and extensions
    0x0370, 0x03FF,  // Greek
    0x0400, 0x045F,  // Cyrillic
    0x2010, 0x2027,  // dashes, quotes, bullets, ellipsis
    0x2030, 0x203A,  // per mille, primes, angle quotes
    0x2070, 0x2094,  // raised and lowered digits
    0x20A0, 0x20BF,  // currencies
    0x2190, 0x2199,  // arrows
    0x21B5, 0x21B5,  // ↵
    0x23CE, 0x23CE,  // ⏎
    0x2200, 0x22FF,  // mathematics
    0x2500, 0x25FF,  // boxes, blocks, shapes
    0xFFFD, 0xFFFD,  // replacement
    0};

/// The contents of a font file, and ImGui's height of a font of one pixel per em, which spans from
/// ascender to descender.
struct ReadFont {
  plot::Face face = plot::Face::sans;
  FontFile file;
  std::string bytes;
  float height_of_em = 1;
};

/// Throws Error if the file is no font.
ReadFont read_font(const FaceFile& wanted) {
  ReadFont font{wanted.face, find_font(wanted.family, wanted.weight, wanted.generic)};
  font.bytes = core::read_file(font.file.path);
  stbtt_fontinfo info;
  const auto* data = reinterpret_cast<const unsigned char*>(font.bytes.data());
  const int offset = stbtt_GetFontOffsetForIndex(data, font.file.index);
  if (offset < 0 || stbtt_InitFont(&info, data, offset) == 0) {
    throw core::Error(
        {.what = "font " + font.file.path, .expected = "a TrueType or OpenType font"});
  }
  font.height_of_em =
      stbtt_ScaleForMappingEmToPixels(&info, 1) / stbtt_ScaleForPixelHeight(&info, 1);
  return font;
}

ImFont* add_font(const ReadFont& font, float em) {
  ImFontConfig config;
  // The atlas owns the copied font bytes and frees them when it is cleared.
  config.FontDataOwnedByAtlas = true;
  config.FontNo = font.file.index;
  config.OversampleH = 2;
  config.OversampleV = 1;
  config.PixelSnapH = false;
  config.GlyphRanges = kGlyphRanges.data();
  void* copy = ImGui::MemAlloc(font.bytes.size());
  std::ranges::copy(font.bytes, static_cast<char*>(copy));
  return ImGui::GetIO().Fonts->AddFontFromMemoryTTF(copy, static_cast<int>(font.bytes.size()),
                                                    em * font.height_of_em, &config);
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
    throw core::Error({.what = "no font was found",
                       .expected = name + " or any scalable font",
                       .remedy = "Install the packages fonts-inter and fonts-jetbrains-mono"});
  }
  font.wanted = font.family == name;
  return font;
}

LoadedFonts load_fonts(const plot::Theme& theme) {
  // All files are read before the present fonts go, so that an error leaves those in use.
  std::vector<ReadFont> fonts;
  LoadedFonts loaded;
  for (const FaceFile& wanted : kFaceFiles) {
    fonts.push_back(read_font(wanted));
    const FontFile& file = fonts.back().file;
    if (!file.wanted) {
      loaded.notice = std::string(wanted.family) + " is not installed, " + file.family +
                      " stands in for it. Install the packages fonts-inter and "
                      "fonts-jetbrains-mono for the intended look.";
    }
  }
  ImGui::GetIO().Fonts->Clear();
  const std::array<float, plot::Fonts::kSizes> sizes = {theme.small_text, theme.normal_text,
                                                        theme.large_text};
  for (const ReadFont& font : fonts) {
    for (std::size_t size = 0; size < sizes.size(); ++size) {
      loaded.fonts.by_face_and_size[static_cast<std::size_t>(font.face)][size] =
          add_font(font, sizes[size]);
    }
  }
  ImGui::GetIO().FontDefault = loaded.fonts.get(plot::Face::sans, plot::TextSize::normal);
  return loaded;
}

}  // namespace sketchscope::app
