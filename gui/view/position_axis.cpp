#include "gui/view/position_axis.hpp"

#include <algorithm>
#include <cmath>

namespace sketchscope::view {
namespace {

constexpr int kFewestPositions = 128;  // least extent of an axis of all positions

}  // namespace

int position_span(int positions, int context_length) {
  const int usual = std::max(kFewestPositions, positions);
  return std::max(1, std::min(usual, std::max(context_length, positions)));
}

PositionRange PositionWindow::range(int span) const {
  if (shows_all()) return {0, span};
  const StepRange borders = window_.range(span + 1);
  const int count = std::clamp(static_cast<int>(std::lround(borders.width())), 1, span);
  const int first = std::clamp(static_cast<int>(std::lround(borders.first)), 0, span - count);
  return {first, first + count};
}

void PositionWindow::show(PositionRange range, int span) {
  window_.show({static_cast<double>(range.first), static_cast<double>(range.end)}, span + 1);
}

void PositionWindow::zoom(double at, double factor, int span) {
  window_.zoom(at, factor, span + 1);
}

void PositionWindow::pan(double by, int span) {
  window_.pan(by, span + 1);
}

}  // namespace sketchscope::view
