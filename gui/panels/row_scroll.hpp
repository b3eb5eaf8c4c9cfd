#pragma once

#include <cstddef>

#include "gui/panels/panel.hpp"

namespace sketchscope {

/// The scroll position of a long table, in rows.
class RowScroll {
 public:
  [[nodiscard]] std::size_t skipped() const { return skipped_; }
  void to_top() { skipped_ = 0; }
  /// Scrolls by the wheel over the panel, skipping at most `last` rows.
  void follow_wheel(const PanelContext& context, std::size_t last);
  /// Draws a scroll bar at the area's right edge, unless all rows are shown.
  void draw_thumb(PanelContext& context, const Rect& area, std::size_t total,
                  std::size_t shown) const;

 private:
  std::size_t skipped_ = 0;
};

}  // namespace sketchscope
