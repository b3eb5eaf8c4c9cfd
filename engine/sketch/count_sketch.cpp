#include "engine/sketch/count_sketch.hpp"

#include <algorithm>
#include <cmath>

namespace sketchscope {
namespace {

// Returns the probability that at least half of `rows` fail, each with probability 1/3.
double share_of_half_failures(int rows) {
  double all = 0;
  double term = std::pow(2.0 / 3, rows);  // none fails
  for (int failed = 0; failed <= rows; ++failed) {
    if (2 * failed >= rows) all += term;
    term *= (rows - failed) / (2.0 * (failed + 1));
  }
  return all;
}

}  // namespace

std::unique_ptr<Sketch> CountSketch::clone() const {
  return std::make_unique<CountSketch>(*this);
}

ErrorBound CountSketch::error_bound() const {
  const auto width = static_cast<std::size_t>(shape().width);
  std::vector<double> squares;
  for (auto left = cells(); !left.empty(); left = left.subspan(width)) {
    double sum = 0;
    for (const float cell : left.first(width)) sum += double{cell} * cell;
    squares.push_back(sum);
  }
  std::ranges::sort(squares);
  const double apart = std::sqrt(3 * squares[squares.size() / 2] / static_cast<double>(width));
  return {.above = apart, .below = apart, .failure = share_of_half_failures(shape().depth)};
}

}  // namespace sketchscope
