#pragma once

#include "gui/app/opening.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {

/// Draws the name and progress of an opening at the lower right of `area`. Returns the area above
/// it. Sets `cancelled` if the person cancels.
Rect draw_opening(const ControlContext& context, const Opening& opening, const Rect& area,
                  bool& cancelled);

}  // namespace sketchscope
