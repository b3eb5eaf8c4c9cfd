#include <algorithm>
#include <cmath>

#include "engine/core/memory.hpp"
#include "engine/read/head_rows.hpp"
#include "engine/read/reads.hpp"

namespace sketchscope {
namespace {

/// Returns aᵀMa for a symmetric M given by its upper triangle.
double quadratic_form(std::span<const float> triangle, std::span<const float> a) {
  double sum = 0;
  std::size_t entry = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    double row = 0.5 * triangle[entry++] * a[i];
    for (std::size_t j = i + 1; j < a.size(); ++j)
      row += static_cast<double>(triangle[entry++]) * a[j];
    sum += 2 * row * a[i];
  }
  return sum;
}

/// Summarises the tail by Z = n · e^(c·q·k̄ + c²/2 · qᵀΣq) and m = v̄: the sum of e^(c·q·k) over n
/// keys that are normally distributed with the mean k̄ and the covariance Σ of the evicted ones. Σ
/// is kept as the upper triangle of a sum of products of deviations (Welford, 1962).
class GaussianTail final : public TailSummary {
 public:
  explicit GaussianTail(const TailShape& shape);
  [[nodiscard]] std::unique_ptr<TailSummary> clone() const override;

  void add(const TailEntry& entry) override;
  double read(const TailQuery& query, std::span<float> mean) const override;
  [[nodiscard]] std::size_t bytes() const override;

 private:
  int heads_;
  int width_;
  float count_ = 0;      // n
  HeadRows key_;         // (K, D)
  HeadRows value_;       // (K, D)
  HeadRows deviations_;  // (K, D (D + 1) / 2): row by row from the diagonal on, n · Σ
};

GaussianTail::GaussianTail(const TailShape& shape)
    : heads_(shape.heads),
      width_(shape.head_width),
      key_(shape.heads, shape.head_width),
      value_(shape.heads, shape.head_width),
      deviations_(shape.heads, shape.head_width * (shape.head_width + 1) / 2) {}

std::unique_ptr<TailSummary> GaussianTail::clone() const {
  return std::make_unique<GaussianTail>(*this);
}

void GaussianTail::add(const TailEntry& entry) {
  ++count_;
  const auto width = static_cast<std::size_t>(width_);
  StackRoom room;
  std::pmr::vector<float> before(width, room.resource());
  std::pmr::vector<float> after(width, room.resource());
  for (int head = 0; head < heads_; ++head) {
    const std::span<const float> key = row_of(entry.key, head, width_);
    const std::span<float> mean = key_[head];
    for (std::size_t d = 0; d < width; ++d) before[d] = key[d] - mean[d];
    move_mean(mean, key, 1.0F / count_);
    for (std::size_t d = 0; d < width; ++d) after[d] = key[d] - mean[d];
    auto entry_of_sum = deviations_[head].begin();
    for (std::size_t i = 0; i < width; ++i) {
      for (std::size_t j = i; j < width; ++j) *entry_of_sum++ += before[i] * after[j];
    }
    move_mean(value_[head], row_of(entry.value, head, width_), 1.0F / count_);
  }
}

double GaussianTail::read(const TailQuery& query, std::span<float> mean) const {
  std::ranges::copy(value_[query.head], mean.begin());
  if (count_ == 0) return -INFINITY;
  const double variance = quadratic_form(deviations_[query.head], query.query) / count_;
  const double scale = query.scale;
  return std::log(static_cast<double>(count_)) + scale * dot(query.query, key_[query.head]) +
         0.5 * scale * scale * variance;
}

std::size_t GaussianTail::bytes() const {
  return key_.bytes() + value_.bytes() + deviations_.bytes() + sizeof(count_);
}

}  // namespace

std::unique_ptr<TailSummary> make_gaussian_tail(const TailShape& shape) {
  return std::make_unique<GaussianTail>(shape);
}

}  // namespace sketchscope
