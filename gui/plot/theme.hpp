#pragma once

#include <array>
#include <cstdint>

#include "gui/plot/canvas.hpp"

namespace sketchscope::plot {

enum class Brightness : std::uint8_t { dark, light };
/// The palette `safe` has status colours that are distinct for all kinds of colour vision, and
/// dashes every other layer.
enum class Palette : std::uint8_t { standard, safe };

/// The colours and distances of everything drawn. The defaults are the dark theme. Texts have a
/// contrast of at least 4.5 to every surface, marks one of at least 3 to the card.
struct Theme {
  // Surfaces and texts, from back to front.
  Color background = Color::hex(0x0e1116);
  Color card = Color::hex(0x151a21);
  Color control = Color::hex(0x1d2530);
  Color border = Color::hex(0x242c37);
  Color grid = Color::hex(0x242c37);
  Color faint = Color::hex(0x818d9c);  ///< ticks, section names
  Color quiet = Color::hex(0x9aa7b7);  ///< labels, subtitles
  Color text = Color::hex(0xdbe2ea);

  Color accent = Color::hex(0x4cc2ff);
  Color on_accent = Color::hex(0x04121c);

  // The statuses of a position in all panels, which also differ in lightness. What is gone is no
  // mark: it only has to differ from what was never there.
  Color sink = Color::hex(0xf0c24a);
  Color kept = Color::hex(0x3b82c4);
  Color recent = Color::hex(0x2fbf9b);
  Color evicted = Color::hex(0x3a4553);
  Color evicted_now = Color::hex(0xe0603f);

  // The meanings of a value.
  Color pending = Color::hex(0xf0c24a);
  Color good = Color::hex(0x2fbf9b);
  Color bad = Color::hex(0xe0603f);

  /// Colours of unordered categories (Okabe and Ito), distinct for all kinds of colour vision.
  std::array<Color, 8> categories = {
      Color::hex(0x56b4e9), Color::hex(0xe69f00), Color::hex(0x009e73), Color::hex(0xcc79a7),
      Color::hex(0xf0e442), Color::hex(0x0072b2), Color::hex(0xd55e00), Color::hex(0x999999)};

  /// Colours of runs that are shown over each other, distinct from the others for all kinds of
  /// colour vision; the first is that of the run in front.
  std::array<Color, 8> runs = {Color::hex(0x4cc2ff), Color::hex(0xf0c24a), Color::hex(0xda5971),
                               Color::hex(0x6c79ef), Color::hex(0xcaf3c2), Color::hex(0xc668ac),
                               Color::hex(0xb8bd6f), Color::hex(0x6a881d)};

  /// Colours of the parts of a stacked chart, distinct from the others for all kinds of colour
  /// vision.
  std::array<Color, 6> parts = {Color::hex(0x3b82c4), Color::hex(0x3ac3a1), Color::hex(0xe9bc43),
                                Color::hex(0xa55983), Color::hex(0x90a4c5), Color::hex(0x90805d)};

  /// Whether neighbouring layers differ by dashes too: of many layers no colour map has colours
  /// that are distinct for all kinds of colour vision.
  bool dashed_layers = false;

  // Heights of the three text sizes, and distances derived from them, in pixels.
  float small_text = 11;
  float normal_text = 12.5F;
  float large_text = 16;

  [[nodiscard]] float unit() const { return normal_text; }
  [[nodiscard]] float line_height() const { return normal_text * 1.6F; }
  [[nodiscard]] float gap() const { return normal_text * 0.95F; }  ///< between cards
  [[nodiscard]] float padding() const { return normal_text; }      ///< inside a card
  [[nodiscard]] float rounding() const { return normal_text * 0.5F; }

  /// The factor of all strokes, which are given for scale 1: they grow with the text, and never
  /// become thinner than there.
  [[nodiscard]] float stroke_scale() const {
    constexpr float kUsualText = 12.5F;
    return normal_text > kUsualText ? normal_text / kUsualText : 1.0F;
  }

  [[nodiscard]] Brightness brightness() const {
    return card.green < 128 ? Brightness::dark : Brightness::light;
  }

  /// Returns this theme with all sizes multiplied by `factor`.
  [[nodiscard]] Theme scaled(float factor) const {
    Theme theme = *this;
    theme.small_text *= factor;
    theme.normal_text *= factor;
    theme.large_text *= factor;
    return theme;
  }
};

/// Returns a theme at scale 1.
Theme make_theme(Brightness brightness, Palette palette);

/// Returns the contrast of two opaque colours, from 1 to 21 (WCAG 2, relative luminance).
double contrast(Color one, Color other);

/// Returns viridis at `t`, clamped to [0, 1]: perceptually uniform, also in grey.
Color viridis(double t);
/// Interpolates between two colours, t in [0, 1].
Color mix(Color from, Color to, double t);

}  // namespace sketchscope::plot
