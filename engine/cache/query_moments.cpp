#include "engine/cache/query_moments.hpp"

#include <algorithm>

namespace sketchscope::cache {

QueryMoments::QueryMoments(int heads, int head_width)
    : heads_(heads),
      width_(static_cast<std::size_t>(head_width)),
      means_(static_cast<std::size_t>(heads) * width_),
      products_(static_cast<std::size_t>(heads) * width_ * (width_ + 1) / 2) {}

void QueryMoments::observe(std::span<const float> query) {
  ++queries_;
  const float share = 1.0F / static_cast<float>(queries_);
  auto product = products_.begin();
  for (std::size_t start = 0; start < means_.size(); start += width_) {
    const auto own = query.subspan(start, width_);
    const auto mean = std::span(means_).subspan(start, width_);
    for (std::size_t row = 0; row < width_; ++row) {
      // The deviation from the new mean is (n − 1)/n of that from the old one.
      const float of_row = (own[row] - mean[row]) * (1.0F - share);
      for (std::size_t column = 0; column <= row; ++column) {
        *product++ += of_row * (own[column] - mean[column]);
      }
    }
    for (std::size_t row = 0; row < width_; ++row) mean[row] += (own[row] - mean[row]) * share;
  }
}

std::span<const float> QueryMoments::mean(int head) const {
  return std::span(means_).subspan(static_cast<std::size_t>(head) * width_, width_);
}

void QueryMoments::write_covariance(int head, std::span<float> covariance) const {
  const float share = queries_ > 0 ? 1.0F / static_cast<float>(queries_) : 0.0F;
  auto product = products_.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(head) *
                                                                 width_ * (width_ + 1) / 2);
  for (std::size_t row = 0; row < width_; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      covariance[row * width_ + column] = covariance[column * width_ + row] = *product++ * share;
    }
  }
}

}  // namespace sketchscope::cache
