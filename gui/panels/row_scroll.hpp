#pragma once

#include <algorithm>
#include <cstddef>

#include "gui/panels/panel.hpp"

namespace sketchscope::panels {

/// The scroll position of a long table, in rows.
class RowScroll {
 public:
  [[nodiscard]] std::size_t skipped() const { return skipped_; }
  void to_top() { skipped_ = 0; }

  /// Scrolls by the wheel over the panel, skipping at most `last` rows.
  void follow_wheel(const PanelContext& context, std::size_t last) {
    constexpr float kRowsPerNotch = 3;
    if (context.pointer.at && context.pointer.wheel != 0) {
      const float wanted = static_cast<float>(skipped_) - context.pointer.wheel * kRowsPerNotch;
      skipped_ = static_cast<std::size_t>(std::max(0.0F, wanted));
    }
    skipped_ = std::min(skipped_, last);
  }

  /// Draws a scroll bar at the area's right edge, unless all rows are shown.
  void draw_thumb(PanelContext& context, const plot::Rect& area, std::size_t total,
                  std::size_t shown) const {
    if (total <= shown) return;
    const float share = static_cast<float>(shown) / static_cast<float>(total);
    const float height = std::max(context.theme.unit(), area.height() * share);
    const float way = static_cast<float>(skipped_) / static_cast<float>(total - shown);
    const float top = area.top + (area.height() - height) * way;
    context.canvas.fill({area.right - 2, top, area.right, top + height}, context.theme.faint, 1.5F);
  }

 private:
  std::size_t skipped_ = 0;
};

}  // namespace sketchscope::panels
