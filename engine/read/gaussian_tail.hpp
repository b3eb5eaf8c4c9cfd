#pragma once

#include "engine/read/head_rows.hpp"
#include "engine/read/tail_summary.hpp"

namespace sketchscope {

/// Z = n · e^(q·k̄/√d + qᵀΣq/2d), the mean of e^(q·k/√d) for keys normally distributed with the
/// mean k̄ and covariance Σ of the n evicted ones; m = v̄. Σ is kept whole, as the upper triangle of
/// a sum of products of deviations (Welford).
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
  HeadRows key_;         // (H, D)
  HeadRows value_;       // (H, D)
  HeadRows deviations_;  // (H, D (D + 1) / 2): row by row from the diagonal on, n · Σ
};

}  // namespace sketchscope
