#include "engine/read/centroid_tail.hpp"

#include <algorithm>
#include <cmath>

namespace sketchscope {

CentroidTail::CentroidTail(const TailShape& shape)
    : heads_(shape.heads),
      width_(shape.head_width),
      key_(shape.heads, shape.head_width),
      value_(shape.heads, shape.head_width) {}

std::unique_ptr<TailSummary> CentroidTail::clone() const {
  return std::make_unique<CentroidTail>(*this);
}

void CentroidTail::add(const TailEntry& entry) {
  ++count_;
  for (int head = 0; head < heads_; ++head) {
    move_mean(key_[head], row_of(entry.key, head, width_), 1.0F / count_);
    move_mean(value_[head], row_of(entry.value, head, width_), 1.0F / count_);
  }
}

double CentroidTail::read(const TailQuery& query, std::span<float> mean) const {
  std::ranges::copy(value_[query.head], mean.begin());
  return std::log(static_cast<double>(count_)) + query.scale * dot(query.query, key_[query.head]);
}

std::size_t CentroidTail::bytes() const {
  return key_.bytes() + value_.bytes() + sizeof(count_);
}

}  // namespace sketchscope
