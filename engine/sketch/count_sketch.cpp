#include "engine/sketch/count_sketch.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace sketchscope {
namespace {

// Probability that at least half of `rows` fail, each with probability 1/3.
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

float CountSketch::estimate(std::uint32_t id) const {
  const int depth = hashes().shape().depth;
  std::array<std::byte, 256> stack;
  std::pmr::monotonic_buffer_resource memory(stack.data(), stack.size());
  std::pmr::vector<float> rows(&memory);
  rows.reserve(static_cast<std::size_t>(depth));
  for (int row = 0; row < depth; ++row) {
    rows.push_back(hashes().sign(row, id) * cell(cell_index(row, id)));
  }
  std::ranges::sort(rows);
  const std::size_t upper = rows.size() / 2;
  return rows.size() % 2 == 1 ? rows[upper] : (rows[upper - 1] + rows[upper]) / 2;
}

ErrorBound CountSketch::error_bound() const {
  const auto width = static_cast<std::size_t>(hashes().shape().width);
  std::vector<double> squares;
  for (auto left = cells(); !left.empty(); left = left.subspan(width)) {
    double sum = 0;
    for (const float cell : left.first(width)) sum += double{cell} * cell;
    squares.push_back(sum);
  }
  std::ranges::sort(squares);
  const double apart = std::sqrt(3 * squares[squares.size() / 2] / static_cast<double>(width));
  return {
      .above = apart, .below = apart, .failure = share_of_half_failures(hashes().shape().depth)};
}

void CountSketch::add(std::span<const SketchItem> items, UpdateArena&) {
  for (int row = 0; row < hashes().shape().depth; ++row) {
    for (const SketchItem& item : items) {
      cell(cell_index(row, item.id)) += hashes().sign(row, item.id) * item.mass;
    }
  }
}

}  // namespace sketchscope
