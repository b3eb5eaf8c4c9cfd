#pragma once

#include "gui/app/opening.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {

/// What is being opened and how far it is, at the lower right of `area`; returns what is left above
/// it. `cancelled` is set when a person gives it up.
Rect draw_opening(const ControlContext& context, const Opening& opening, const Rect& area,
                  bool& cancelled);

}  // namespace sketchscope
