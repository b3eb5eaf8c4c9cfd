#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "gui/plot/canvas.hpp"
#include "gui/plot/theme.hpp"
#include "gui/view/reduced_attention.hpp"

namespace sketchscope::panels {

/// The colour of every level of a ReducedAttention.
class LevelColors {
 public:
  LevelColors(const plot::Theme& theme, view::AttentionSide side);

  [[nodiscard]] plot::Color of(std::int16_t level) const {
    return colors_[static_cast<std::size_t>(level + view::kLargestLevel)];
  }
  /// Returns whether these are the colours of a side in a theme.
  [[nodiscard]] bool are_of(const plot::Theme& theme, view::AttentionSide side) const {
    return side_ == side && ends_ == ends_of(theme);
  }
  /// Returns the colour of keys that a query does not see, since they came after it.
  [[nodiscard]] plot::Color unseen() const { return unseen_; }

 private:
  using Ends = std::array<plot::Color, 5>;
  /// Returns the theme's colours between which the others lie.
  static Ends ends_of(const plot::Theme& theme) {
    return {theme.card, theme.control, theme.evicted, theme.bad, theme.kept};
  }

  view::AttentionSide side_;
  Ends ends_;
  std::array<plot::Color, 2 * view::kLargestLevel + 1> colors_;
  plot::Color unseen_;
};

/// The pictures of the heads shown, query × key: a row of pixels a block of queries, a pixel a
/// level. They lie beside and below each other in one picture, the sheet. Rows that were drawn
/// before are kept.
class AttentionPictures {
 public:
  /// Draws all heads shown, `across` in a row of the sheet, always with the same colours.
  void show(const view::ReducedAttention& attention, int across, const LevelColors& colors);

  [[nodiscard]] const plot::Image& sheet() const { return sheet_; }
  /// Returns the part of the sheet that a head's picture is, without its place.
  [[nodiscard]] plot::ImagePart part(int head) const;

 private:
  /// Returns where a row of a head's picture begins in the sheet's pixels.
  [[nodiscard]] std::size_t begin_of(int head, int block) const;

  plot::Image sheet_;
  int across_ = 1;
  int columns_ = 0;                       ///< of one picture, in pixels
  std::vector<std::uint64_t> revisions_;  ///< of the block of each row of a picture
};

}  // namespace sketchscope::panels
