#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "gui/plot/geometry.hpp"

namespace sketchscope {

/// Where a panel's card lies.
struct Place {
  std::string_view panel;
  Rect rect;
};

/// What the middle of the window is for.
enum class Arrangement : std::uint8_t {
  sequence,  ///< one sequence's cache and sketch
  paths,     ///< a tree of paths, and the cache of the one that is watched
};

/// The default layout for a window of this size: knobs at the left, the run in the middle, measures
/// at the right. `unit` is the height of normal text; cards that are tight at their smallest keep
/// it and the others give.
std::vector<Place> default_layout(const Rect& area, float unit, float gap,
                                  Arrangement arrangement = Arrangement::sequence);

}  // namespace sketchscope
