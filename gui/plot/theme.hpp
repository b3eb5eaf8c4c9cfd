#pragma once

#include <array>
#include <cstdint>

#include "gui/plot/geometry.hpp"

namespace sketchscope {

enum class Brightness : std::uint8_t { dark, light };
/// `safe`: the statuses of positions in colours that all kinds of sight tell apart.
enum class Palette : std::uint8_t { standard, safe };

/// Colours and distances of everything that is drawn: dark unless said otherwise, one accent.
struct Theme {
  // Surfaces and words, from the back to the front.
  Color background = Color::hex(0x0e1116);
  Color card = Color::hex(0x151a21);
  Color control = Color::hex(0x1d2530);
  Color border = Color::hex(0x242c37);
  Color grid = Color::hex(0x242c37);
  Color faint = Color::hex(0x66717f);  ///< ticks, section names
  Color quiet = Color::hex(0x8592a3);  ///< labels, subtitles
  Color text = Color::hex(0xdbe2ea);

  Color accent = Color::hex(0x4cc2ff);
  Color on_accent = Color::hex(0x04121c);

  // What a position is, in every panel. They differ in lightness too.
  Color sink = Color::hex(0xf0c24a);
  Color kept = Color::hex(0x3b82c4);
  Color recent = Color::hex(0x2fbf9b);
  Color evicted = Color::hex(0x20262f);
  Color evicted_now = Color::hex(0xe0603f);

  // What a value means.
  Color pending = Color::hex(0xf0c24a);
  Color good = Color::hex(0x2fbf9b);
  Color bad = Color::hex(0xe0603f);

  /// Categories without a meaning of their own (Okabe and Ito), told apart by all kinds of sight.
  std::array<Color, 8> categories = {
      Color::hex(0x56b4e9), Color::hex(0xe69f00), Color::hex(0x009e73), Color::hex(0xcc79a7),
      Color::hex(0xf0e442), Color::hex(0x0072b2), Color::hex(0xd55e00), Color::hex(0x999999)};

  // Heights of the three text sizes, and the distances made from them, in pixels.
  float small_text = 11;
  float normal_text = 12.5F;
  float large_text = 16;

  [[nodiscard]] float unit() const { return normal_text; }
  [[nodiscard]] float line_height() const { return normal_text * 1.6F; }
  [[nodiscard]] float gap() const { return normal_text * 0.95F; }  ///< between cards
  [[nodiscard]] float padding() const { return normal_text; }      ///< inside a card
  [[nodiscard]] float rounding() const { return normal_text * 0.5F; }

  [[nodiscard]] Brightness brightness() const {
    return card.green < 128 ? Brightness::dark : Brightness::light;
  }

  /// The same theme with all sizes multiplied.
  [[nodiscard]] Theme scaled(float factor) const {
    Theme theme = *this;
    theme.small_text *= factor;
    theme.normal_text *= factor;
    theme.large_text *= factor;
    return theme;
  }
};

/// The theme of this name at scale 1.
Theme make_theme(Brightness brightness, Palette palette);

}  // namespace sketchscope
