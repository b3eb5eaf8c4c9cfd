#pragma once

#include "gui/panels/panel.hpp"
#include "gui/view/path_picture.hpp"

namespace sketchscope {

/// The tree on the left, and beside each of its rows the path's probability and text. A click on a
/// row asks for that path to be watched.
void draw_path_list(PanelContext& context, const PathPicture& picture, const Rect& area);

}  // namespace sketchscope
