// The summaries that sort the evicted positions by their keys: into clusters, and into hash
// buckets.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>

#include "engine/core/log_add.hpp"
#include "engine/core/memory.hpp"
#include "engine/read/tail_parts.hpp"
#include "engine/sketch/items.hpp"

namespace sketchscope::read {
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
  explicit ClusterTail(const TailShape& shape)
      : heads_(shape.heads),
        width_(shape.head_width),
        clusters_(shape.clusters),
        size_(shape.heads, shape.clusters),
        key_(shape.heads * shape.clusters, shape.head_width),
        value_(shape.heads * shape.clusters, shape.head_width) {}

  [[nodiscard]] std::unique_ptr<TailSummary> clone() const override {
    return std::make_unique<ClusterTail>(*this);
  }

  void add(const TailEntry& entry) override {
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

  double read(const TailQuery& query, std::span<float> mean) const override {
    std::ranges::fill(mean, 0.0F);
    // The sum holds ln Z so far; each cluster moves the mean by its share of the sum.
    double log_sum = -std::numeric_limits<double>::infinity();
    for (int cluster = 0; cluster < opened_; ++cluster) {
      const int row = query.head * clusters_ + cluster;
      const double size = size_[query.head][static_cast<std::size_t>(cluster)];
      const double log_weight = std::log(size) + query.scale * dot(query.query, key_[row]);
      log_sum = core::log_add(log_sum, log_weight);
      move_mean(mean, value_[row], static_cast<float>(std::exp(log_weight - log_sum)));
    }
    return log_sum;
  }

  [[nodiscard]] std::size_t bytes() const override {
    return size_.bytes() + key_.bytes() + value_.bytes() + sizeof(opened_);
  }

 private:
  [[nodiscard]] int nearest(int head, std::span<const float> key) const {
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

  int heads_;
  int width_;
  int clusters_;
  int opened_ = 0;  // clusters in use, equally many in each head
  HeadRows size_;   // (K, clusters)
  HeadRows key_;    // (K · clusters, D)
  HeadRows value_;  // (K · clusters, D)
};

constexpr int kRaceRows = 4;
// KeyCoder makes codes of at most 24 bits.
constexpr int kBitsMaximum = 24 / kRaceRows;

int bits_for(int buckets) {
  const int bits = std::bit_width(static_cast<unsigned>(std::max(buckets, 2)) - 1U);
  return std::min(bits, kBitsMaximum);
}

/// Summarises the tail in a RACE table (Coleman and Shrivastava, arXiv 1912.02283): Z = e^(c·q·k̄)
/// · 2^P · mean over rows of n[h(q)], with m the mean value of the buckets that the query falls
/// into. Each of kRaceRows rows has 2^P buckets, `clusters` rounded up to a power of two, and h is
/// the P-bit sign-projection code of a key minus the mean k̄ of the keys before it. The buckets
/// estimate Σ (1 − θ/π)^P; the factor scales this to e^(c·q·k), so that a key at right angles to
/// the query weighs as much as k̄.
class RaceTail final : public TailSummary {
 public:
  explicit RaceTail(const TailShape& shape)
      : heads_(shape.heads),
        width_(shape.head_width),
        bits_(bits_for(shape.clusters)),
        coder_(std::make_shared<const sketch::KeyCoder>(shape.head_width, kRaceRows * bits_,
                                                        shape.seed)),
        key_(shape.heads, shape.head_width),
        size_(shape.heads * kRaceRows << bits_, 1),
        value_(shape.heads * kRaceRows << bits_, shape.head_width) {}

  [[nodiscard]] std::unique_ptr<TailSummary> clone() const override {
    return std::make_unique<RaceTail>(*this);
  }

  void add(const TailEntry& entry) override {
    ++count_;
    core::StackRoom room;
    std::pmr::vector<float> centred(static_cast<std::size_t>(width_), room.resource());
    for (int head = 0; head < heads_; ++head) {
      const std::span<const float> key = row_of(entry.key, head, width_);
      for (std::size_t d = 0; d < centred.size(); ++d) centred[d] = key[d] - key_[head][d];
      const std::uint32_t code = coder_->code(centred);
      for (int row = 0; row < kRaceRows; ++row) {
        const int place = bucket(head, row, code);
        const float size = ++size_[place][0];
        move_mean(value_[place], row_of(entry.value, head, width_), 1.0F / size);
      }
      move_mean(key_[head], key, 1.0F / count_);
    }
  }

  double read(const TailQuery& query, std::span<float> mean) const override {
    std::ranges::fill(mean, 0.0F);
    const std::uint32_t code = coder_->code(query.query);
    float met = 0;
    for (int row = 0; row < kRaceRows; ++row) {
      const int place = bucket(query.head, row, code);
      const float size = size_[place][0];
      met += size;
      if (size > 0) move_mean(mean, value_[place], size / met);
    }
    if (met == 0) return -std::numeric_limits<double>::infinity();
    return query.scale * dot(query.query, key_[query.head]) + std::log(met / kRaceRows) +
           bits_ * std::log(2.0);
  }

  [[nodiscard]] std::size_t bytes() const override {
    return key_.bytes() + size_.bytes() + value_.bytes() + coder_->bytes() + sizeof(count_);
  }

 private:
  // Returns the index of the bucket that a code has in a row of a head.
  [[nodiscard]] int bucket(int head, int row, std::uint32_t code) const {
    const std::uint32_t own_bits = code >> (row * bits_) & ((1U << bits_) - 1U);
    return ((head * kRaceRows + row) << bits_) + static_cast<int>(own_bits);
  }

  int heads_;
  int width_;
  int bits_;                                       // P
  std::shared_ptr<const sketch::KeyCoder> coder_;  // kRaceRows · P bits, P to a row
  float count_ = 0;
  HeadRows key_;    // (K, D): k̄
  HeadRows size_;   // (K · rows · buckets, 1)
  HeadRows value_;  // (K · rows · buckets, D): means
};

}  // namespace

std::unique_ptr<TailSummary> make_cluster_tail(const TailShape& shape) {
  return std::make_unique<ClusterTail>(shape);
}

std::unique_ptr<TailSummary> make_race_tail(const TailShape& shape) {
  return std::make_unique<RaceTail>(shape);
}

}  // namespace sketchscope::read
