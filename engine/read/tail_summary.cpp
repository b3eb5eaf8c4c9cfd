// The summaries by means of all evicted keys and values, and the registry of all summaries.
#include "engine/read/tail_summary.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include "engine/core/memory.hpp"
#include "engine/read/tail_parts.hpp"

namespace sketchscope::read {
namespace {

/// The weighted mean of the evicted values, which is a summary's m under every query.
class MeanValue {
 public:
  explicit MeanValue(const TailShape& shape)
      : heads_(shape.heads), width_(shape.head_width), mean_(shape.heads, shape.head_width) {}

  void add(const TailEntry& entry, float weight) {
    weight_ += weight;
    for (int head = 0; head < heads_; ++head) {
      move_mean(mean_[head], row_of(entry.value, head, width_), weight / weight_);
    }
  }
  [[nodiscard]] std::span<const float> operator[](int head) const { return mean_[head]; }
  [[nodiscard]] float weight() const { return weight_; }
  [[nodiscard]] std::size_t bytes() const { return mean_.bytes() + sizeof(weight_); }

 private:
  int heads_;
  int width_;
  float weight_ = 0;  // sum over all entries
  HeadRows mean_;     // (K, D)
};

/// Summarises the tail by Z = ρ/(1−ρ) · Σ_S e^s for every query, with m the mean of the evicted
/// values weighted by their scores. ρ is at most kLargestShare, so that the stored slots keep
/// attention even if the sketch counted none of their mass.
class MassTail final : public TailSummary {
 public:
  explicit MassTail(const TailShape& shape) : value_(shape) {}
  [[nodiscard]] std::unique_ptr<TailSummary> clone() const override {
    return std::make_unique<MassTail>(*this);
  }

  void add(const TailEntry& entry) override {
    value_.add(entry, std::max(entry.score, kSmallestWeight));
  }

  double read(const TailQuery& query, std::span<float> mean) const override {
    std::ranges::copy(value_[query.head], mean.begin());
    const double share = std::clamp(query.historic_share, 0.0, kLargestShare);
    if (value_.weight() == 0 || share == 0) return -std::numeric_limits<double>::infinity();
    return std::log(share / (1 - share)) + query.stored_log_sum;
  }

  [[nodiscard]] std::size_t bytes() const override { return value_.bytes(); }

 private:
  static constexpr double kLargestShare = 0.999;
  // The weight of entries with score 0, which is equal for all of them and negligible next to any
  // that drew mass.
  static constexpr float kSmallestWeight = 1e-12F;

  MeanValue value_;
};

/// Summarises the tail by Z = n · e^(c·q·k̄) and m = v̄, with k̄ and v̄ the means over the n
/// evicted positions. By Jensen's inequality this Z never exceeds the true one.
class CentroidTail : public TailSummary {
 public:
  explicit CentroidTail(const TailShape& shape)
      : heads_(shape.heads),
        width_(shape.head_width),
        value_(shape),
        key_(shape.heads, shape.head_width) {}
  [[nodiscard]] std::unique_ptr<TailSummary> clone() const override {
    return std::make_unique<CentroidTail>(*this);
  }

  void add(const TailEntry& entry) override {
    value_.add(entry, 1.0F);
    for (int head = 0; head < heads_; ++head) add_key(head, row_of(entry.key, head, width_));
  }

  double read(const TailQuery& query, std::span<float> mean) const override {
    std::ranges::copy(value_[query.head], mean.begin());
    return std::log(double{value_.weight()}) + query.scale * dot(query.query, key_[query.head]);
  }

  [[nodiscard]] std::size_t bytes() const override { return key_.bytes() + value_.bytes(); }

 protected:
  [[nodiscard]] int heads() const { return heads_; }
  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] float count() const { return value_.weight(); }  // n
  [[nodiscard]] std::span<const float> mean_key(int head) const { return key_[head]; }
  MeanValue& value() { return value_; }
  void add_key(int head, std::span<const float> key) { move_mean(key_[head], key, 1.0F / count()); }

 private:
  int heads_;
  int width_;
  MeanValue value_;  // all weights are 1
  HeadRows key_;     // (K, D)
};

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
class GaussianTail final : public CentroidTail {
 public:
  explicit GaussianTail(const TailShape& shape)
      : CentroidTail(shape),
        deviations_(shape.heads, shape.head_width * (shape.head_width + 1) / 2) {}
  [[nodiscard]] std::unique_ptr<TailSummary> clone() const override {
    return std::make_unique<GaussianTail>(*this);
  }

  void add(const TailEntry& entry) override {
    value().add(entry, 1.0F);
    const auto size = static_cast<std::size_t>(width());
    core::StackRoom room;
    std::pmr::vector<float> before(size, room.resource());
    std::pmr::vector<float> after(size, room.resource());
    for (int head = 0; head < heads(); ++head) {
      const std::span<const float> key = row_of(entry.key, head, width());
      std::ranges::transform(key, mean_key(head), before.begin(), std::minus<>());
      add_key(head, key);
      std::ranges::transform(key, mean_key(head), after.begin(), std::minus<>());
      auto entry_of_sum = deviations_[head].begin();
      for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = i; j < size; ++j) *entry_of_sum++ += before[i] * after[j];
      }
    }
  }

  double read(const TailQuery& query, std::span<float> mean) const override {
    const double by_mean = CentroidTail::read(query, mean);
    if (count() == 0) return -std::numeric_limits<double>::infinity();
    const double variance = quadratic_form(deviations_[query.head], query.query) / count();
    const double scale = query.scale;
    return by_mean + 0.5 * scale * scale * variance;
  }

  [[nodiscard]] std::size_t bytes() const override {
    return CentroidTail::bytes() + deviations_.bytes();
  }

 private:
  HeadRows deviations_;  // (K, D (D + 1) / 2): row by row from the diagonal on, n · Σ
};

template <typename Tail>
std::unique_ptr<TailSummary> make(const TailShape& shape) {
  return std::make_unique<Tail>(shape);
}

constexpr std::array kAggregates = {
    AggregateKind{.name = "mass",
                  .help = "the tail's share of all mass so far, by the sketch, on its mean value",
                  .make = make<MassTail>,
                  .needs_sketch = true},
    AggregateKind{
        .name = "centroid", .help = "the tail as one key, its mean", .make = make<CentroidTail>},
    AggregateKind{.name = "gaussian",
                  .help = "the tail's keys as a normal distribution",
                  .make = make<GaussianTail>},
    AggregateKind{.name = "clusters",
                  .help = "the tail as `clusters` mean keys, each with its size",
                  .make = make_cluster_tail,
                  .has_clusters = true},
    AggregateKind{.name = "race",
                  .help = "the tail's keys and values in hash buckets near the query",
                  .make = make_race_tail,
                  .has_clusters = true,
                  .draws_hashes = true},
};
constexpr core::Registry<AggregateKind> kRegistry("aggregate", kAggregates);

}  // namespace

const core::Registry<AggregateKind>& aggregate_kinds() {
  return kRegistry;
}

}  // namespace sketchscope::read
