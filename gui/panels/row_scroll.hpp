#pragma once

#include <cstddef>

#include "gui/panels/panel.hpp"

namespace sketchscope {

/// Which row of a long table is the first that a panel shows.
class RowScroll {
 public:
  [[nodiscard]] std::size_t skipped() const { return skipped_; }
  void to_top() { skipped_ = 0; }
  /// By the wheel over the panel; at most `last` rows are skipped.
  void follow_wheel(const PanelContext& context, std::size_t last);
  /// At the area's right edge; nothing where all rows are shown.
  void draw_thumb(PanelContext& context, const Rect& area, std::size_t total,
                  std::size_t shown) const;

 private:
  std::size_t skipped_ = 0;
};

}  // namespace sketchscope
