#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/read/head_rows.hpp"
#include "engine/read/reads.hpp"

namespace sketchscope {
namespace {

// The weight of entries with score 0, which is equal for all of them and negligible next to any
// that drew mass.
constexpr float kSmallestWeight = 1e-12F;

/// Summarises the tail by Z = ρ/(1−ρ) · Σ_S e^s for every query, with m the mean of the evicted
/// values weighted by their scores. ρ is at most kLargestShare, so that the stored slots keep
/// attention even if the sketch counted none of their mass.
class MassTail final : public TailSummary {
 public:
  static constexpr double kLargestShare = 0.999;

  explicit MassTail(const TailShape& shape);
  [[nodiscard]] std::unique_ptr<TailSummary> clone() const override;

  void add(const TailEntry& entry) override;
  double read(const TailQuery& query, std::span<float> mean) const override;
  [[nodiscard]] std::size_t bytes() const override;

 private:
  int heads_;
  int width_;
  float weight_ = 0;  // sum over all entries
  HeadRows value_;    // (K, D): their weighted mean
};

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

}  // namespace

std::unique_ptr<TailSummary> make_mass_tail(const TailShape& shape) {
  return std::make_unique<MassTail>(shape);
}

}  // namespace sketchscope
