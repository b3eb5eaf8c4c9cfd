#include "engine/read/mass_tail.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sketchscope {
namespace {

// Entries that drew nothing count alike, and next to nothing beside one that did.
constexpr float kSmallestWeight = 1e-12F;

}  // namespace

MassTail::MassTail(const TailShape& shape)
    : heads_(shape.heads), width_(shape.head_width), value_(shape.heads, shape.head_width) {}

std::unique_ptr<TailSummary> MassTail::clone() const {
  return std::make_unique<MassTail>(*this);
}

void MassTail::add(const TailEntry& entry) {
  const float weight = std::max(entry.score, kSmallestWeight);
  weight_ += weight;
  for (int head = 0; head < heads_; ++head) {
    move_mean(value_[head], row_of(entry.value, head, width_), weight / weight_);
  }
}

double MassTail::read(const TailQuery& query, std::span<float> mean) const {
  std::ranges::copy(value_[query.head], mean.begin());
  const double share = std::clamp(query.historic_share, 0.0, kLargestShare);
  if (weight_ == 0 || share == 0) return -std::numeric_limits<double>::infinity();
  return std::log(share / (1 - share)) + query.stored_log_sum;
}

std::size_t MassTail::bytes() const {
  return value_.bytes() + sizeof(weight_);
}

}  // namespace sketchscope
