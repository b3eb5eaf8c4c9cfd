#pragma once

#include "engine/read/head_rows.hpp"
#include "engine/read/tail_summary.hpp"

namespace sketchscope {

/// Z = Σ_c n_c · e^(q·k_c/√d) and m the clusters' mean values weighed alike, n_c, k_c and v_c being
/// the size and the means of each of `clusters` clusters a head (the size-weighted centroids of
/// SubGen, arXiv 2402.06082). The first keys open a cluster each; a later one joins the nearest.
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
  int opened_ = 0;  // clusters in use, as many in each head
  HeadRows size_;   // (H, clusters)
  HeadRows key_;    // (H · clusters, D)
  HeadRows value_;  // (H · clusters, D)
};

}  // namespace sketchscope
