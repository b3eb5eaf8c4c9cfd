#pragma once

#include "gui/plot/geometry.hpp"

namespace sketchscope {

/// Returns viridis at `t`, clamped to [0, 1]: perceptually uniform, also in grey.
Color viridis(double t);
/// Interpolates between two colours, t in [0, 1].
Color mix(Color from, Color to, double t);

}  // namespace sketchscope
