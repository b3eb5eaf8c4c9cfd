#pragma once

#include "gui/panels/panel.hpp"
#include "gui/view/path_picture.hpp"

namespace sketchscope::panels {

/// Draws the tree at the left, and each path's probability and text. A click on a row watches its
/// path.
void draw_path_list(PanelContext& context, const view::PathPicture& picture,
                    const plot::Rect& area);

}  // namespace sketchscope::panels
