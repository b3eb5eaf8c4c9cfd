#pragma once

#include "gui/plot/geometry.hpp"

namespace sketchscope {

/// Viridis at `t` in [0, 1] (clamped): even steps for the eye, order kept in grey.
Color viridis(double t);
/// Between the two, t in [0, 1].
Color mix(Color from, Color to, double t);

}  // namespace sketchscope
