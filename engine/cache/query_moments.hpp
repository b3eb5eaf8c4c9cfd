#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sketchscope::cache {

/// Mean and covariance of the queries that each query head of a table has asked so far (Welford's
/// running form). A copy is a fork.
class QueryMoments {
 public:
  explicit QueryMoments(int heads = 0, int head_width = 0);

  /// Adds one query a head, (H, D).
  void observe(std::span<const float> query);

  [[nodiscard]] int heads() const { return heads_; }  ///< 0 where none are kept
  [[nodiscard]] int queries() const { return queries_; }
  [[nodiscard]] std::span<const float> mean(int head) const;  // (D)
  /// Writes a head's covariance, divided by the number of queries, to `covariance` (D, D); zeros
  /// before any query.
  void write_covariance(int head, std::span<float> covariance) const;
  [[nodiscard]] std::size_t bytes() const {
    return (means_.size() + products_.size()) * sizeof(float);
  }

 private:
  int heads_;
  std::size_t width_;  // D
  int queries_ = 0;
  std::vector<float> means_;     // (H, D)
  std::vector<float> products_;  // (H, D (D + 1) / 2): sums of products of deviations, by row
};

}  // namespace sketchscope::cache
