#pragma once

#include <array>
#include <cstdint>

#include "gui/plot/canvas.hpp"
#include "gui/plot/theme.hpp"
#include "gui/view/attention_grid.hpp"

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

/// Returns the picture of one of the heads shown, query × key, a pixel a level. Queries beyond
/// `most_rows` share pixels, which have the level of largest size.
plot::Image attention_picture(const view::ReducedAttention& attention, int head, int most_rows,
                              const LevelColors& colors);

}  // namespace sketchscope::panels
