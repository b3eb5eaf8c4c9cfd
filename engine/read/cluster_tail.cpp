#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/log_add.hpp"
#include "engine/read/head_rows.hpp"
#include "engine/read/reads.hpp"

namespace sketchscope {
namespace {

double square_distance(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t d = 0; d < a.size(); ++d) {
    sum += (static_cast<double>(a[d]) - b[d]) * (static_cast<double>(a[d]) - b[d]);
  }
  return sum;
}

/// Summarises the tail by Z = Σ_j n_j · e^(c·q·k_j), with m the mean of v_j under the same weights.
/// Here n_j, k_j and v_j are the size, the mean key and the mean value of cluster j, of which each
/// head has `clusters` (the size-weighted centroids of SubGen, arXiv 2402.06082). The first keys
/// open one cluster each; later ones join the nearest.
class ClusterTail final : public TailSummary {
 public:
  explicit ClusterTail(const TailShape& shape);
  [[nodiscard]] std::unique_ptr<TailSummary> clone() const override;

  void add(const TailEntry& entry) override;
  double read(const TailQuery& query, std::span<float> mean) const override;
  [[nodiscard]] std::size_t bytes() const override;

 private:
  [[nodiscard]] int nearest(int head, std::span<const float> key) const;

  int heads_;
  int width_;
  int clusters_;
  int opened_ = 0;  // clusters in use, equally many in each head
  HeadRows size_;   // (K, clusters)
  HeadRows key_;    // (K · clusters, D)
  HeadRows value_;  // (K · clusters, D)
};

ClusterTail::ClusterTail(const TailShape& shape)
    : heads_(shape.heads),
      width_(shape.head_width),
      clusters_(shape.clusters),
      size_(shape.heads, shape.clusters),
      key_(shape.heads * shape.clusters, shape.head_width),
      value_(shape.heads * shape.clusters, shape.head_width) {}

std::unique_ptr<TailSummary> ClusterTail::clone() const {
  return std::make_unique<ClusterTail>(*this);
}

int ClusterTail::nearest(int head, std::span<const float> key) const {
  int best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (int cluster = 0; cluster < opened_; ++cluster) {
    const double distance = square_distance(key, key_[head * clusters_ + cluster]);
    if (distance >= least) continue;
    best = cluster;
    least = distance;
  }
  return best;
}

void ClusterTail::add(const TailEntry& entry) {
  const bool opens = opened_ < clusters_;
  for (int head = 0; head < heads_; ++head) {
    const std::span<const float> key = row_of(entry.key, head, width_);
    const int cluster = opens ? opened_ : nearest(head, key);
    float& size = size_[head][static_cast<std::size_t>(cluster)];
    ++size;
    move_mean(key_[head * clusters_ + cluster], key, 1.0F / size);
    move_mean(value_[head * clusters_ + cluster], row_of(entry.value, head, width_), 1.0F / size);
  }
  if (opens) ++opened_;
}

double ClusterTail::read(const TailQuery& query, std::span<float> mean) const {
  std::ranges::fill(mean, 0.0F);
  // The sum holds ln Z so far; each cluster moves the mean by its share of the sum.
  double log_sum = -std::numeric_limits<double>::infinity();
  for (int cluster = 0; cluster < opened_; ++cluster) {
    const int row = query.head * clusters_ + cluster;
    const double size = size_[query.head][static_cast<std::size_t>(cluster)];
    const double log_weight = std::log(size) + query.scale * dot(query.query, key_[row]);
    log_sum = log_add(log_sum, log_weight);
    move_mean(mean, value_[row], static_cast<float>(std::exp(log_weight - log_sum)));
  }
  return log_sum;
}

std::size_t ClusterTail::bytes() const {
  return size_.bytes() + key_.bytes() + value_.bytes() + sizeof(opened_);
}

}  // namespace

std::unique_ptr<TailSummary> make_cluster_tail(const TailShape& shape) {
  return std::make_unique<ClusterTail>(shape);
}

}  // namespace sketchscope
