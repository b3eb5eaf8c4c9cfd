#pragma once

#include <memory>

#include "engine/read/head_rows.hpp"
#include "engine/read/tail_summary.hpp"
#include "engine/sketch/key_coder.hpp"

namespace sketchscope {

/// Z = e^(q·k̄/√d) · 2^P · mean over rows of n[h(q)], and m the mean value of the buckets that the
/// query falls into: a RACE table (Coleman and Shrivastava, arXiv 1912.02283) of `clusters` buckets
/// (the next power of two) in each of kRows rows, h being a P-bit sign-projection code of a key
/// less the mean k̄ of those before it. The buckets estimate Σ (1 − θ/π)^P; the factor brings that
/// to the scale of e^(q·k/√d): a key at right angles to the query weighs what k̄ does.
class RaceTail final : public TailSummary {
 public:
  static constexpr int kRows = 4;

  explicit RaceTail(const TailShape& shape);
  [[nodiscard]] std::unique_ptr<TailSummary> clone() const override;

  void add(const TailEntry& entry) override;
  double read(const TailQuery& query, std::span<float> mean) const override;
  [[nodiscard]] std::size_t bytes() const override;

 private:
  // Where the bucket of a code in a row of a head lies.
  [[nodiscard]] int bucket(int head, int row, std::uint32_t code) const;

  int heads_;
  int width_;
  int bits_;                               // P
  std::shared_ptr<const KeyCoder> coder_;  // kRows · P bits, P to a row
  float count_ = 0;
  HeadRows key_;    // (H, D): k̄
  HeadRows size_;   // (H · rows · buckets, 1)
  HeadRows value_;  // (H · rows · buckets, D): means
};

}  // namespace sketchscope
