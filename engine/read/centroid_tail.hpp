#pragma once

#include "engine/read/head_rows.hpp"
#include "engine/read/tail_summary.hpp"

namespace sketchscope {

/// Z = n · e^(q·k̄/√d) and m = v̄, the means over the n evicted positions: by Jensen's inequality
/// never more than the true Z.
class CentroidTail final : public TailSummary {
 public:
  explicit CentroidTail(const TailShape& shape);
  [[nodiscard]] std::unique_ptr<TailSummary> clone() const override;

  void add(const TailEntry& entry) override;
  double read(const TailQuery& query, std::span<float> mean) const override;
  [[nodiscard]] std::size_t bytes() const override;

 private:
  int heads_;
  int width_;
  float count_ = 0;  // n
  HeadRows key_;     // (H, D)
  HeadRows value_;   // (H, D)
};

}  // namespace sketchscope
