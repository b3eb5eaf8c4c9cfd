#pragma once

#include "gui/panels/panel.hpp"
#include "gui/view/path_picture.hpp"

namespace sketchscope {

/// Draws the tree at the left, and each path's probability and text. A click on a row watches its
/// path.
void draw_path_list(PanelContext& context, const PathPicture& picture, const Rect& area);

}  // namespace sketchscope
