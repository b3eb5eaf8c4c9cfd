#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/read/tail_summary.hpp"

namespace sketchscope::read {

/// Vectors of `width` numbers, initially zero, one for each head or each cluster of a head: (rows,
/// width).
class HeadRows {
 public:
  HeadRows(int rows, int width)
      : width_(static_cast<std::size_t>(width)), values_(static_cast<std::size_t>(rows) * width_) {}

  [[nodiscard]] std::span<float> operator[](int row) {
    return std::span(values_).subspan(static_cast<std::size_t>(row) * width_, width_);
  }
  [[nodiscard]] std::span<const float> operator[](int row) const {
    return std::span(values_).subspan(static_cast<std::size_t>(row) * width_, width_);
  }
  [[nodiscard]] std::size_t bytes() const { return values_.size() * sizeof(float); }

 private:
  std::size_t width_;
  std::vector<float> values_;
};

/// Returns row `head` of a vector (K, D).
inline std::span<const float> row_of(std::span<const float> all, int head, int width) {
  return all.subspan(static_cast<std::size_t>(head) * static_cast<std::size_t>(width),
                     static_cast<std::size_t>(width));
}

/// Returns the dot product, summed in double.
inline double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += static_cast<double>(a[d]) * b[d];
  return sum;
}

/// Moves a running mean towards a new value by `share` of the difference.
inline void move_mean(std::span<float> mean, std::span<const float> value, float share) {
  for (std::size_t d = 0; d < mean.size(); ++d) mean[d] += share * (value[d] - mean[d]);
}

// The summaries of clustered_tails.cpp, for the registry.
std::unique_ptr<TailSummary> make_cluster_tail(const TailShape& shape);
std::unique_ptr<TailSummary> make_race_tail(const TailShape& shape);

}  // namespace sketchscope::read
