#pragma once

#include "engine/read/head_rows.hpp"
#include "engine/read/tail_summary.hpp"

namespace sketchscope {

/// Z = ρ/(1−ρ) · Σ_S e^s, whatever the query; m is the mean of the evicted values, each weighed by
/// its score. ρ is at most kLargestShare: a sketch that saw nothing of S would leave no attention
/// to what is stored.
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
  float weight_ = 0;  // of all entries
  HeadRows value_;    // (H, D): their weighted mean
};

}  // namespace sketchscope
