#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>

#include "engine/core/memory.hpp"
#include "engine/read/head_rows.hpp"
#include "engine/read/reads.hpp"
#include "engine/sketch/items.hpp"

namespace sketchscope {
namespace {

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
  explicit RaceTail(const TailShape& shape);
  [[nodiscard]] std::unique_ptr<TailSummary> clone() const override;

  void add(const TailEntry& entry) override;
  double read(const TailQuery& query, std::span<float> mean) const override;
  [[nodiscard]] std::size_t bytes() const override;

 private:
  // Returns the index of the bucket that a code has in a row of a head.
  [[nodiscard]] int bucket(int head, int row, std::uint32_t code) const;

  int heads_;
  int width_;
  int bits_;                               // P
  std::shared_ptr<const KeyCoder> coder_;  // kRaceRows · P bits, P to a row
  float count_ = 0;
  HeadRows key_;    // (K, D): k̄
  HeadRows size_;   // (K · rows · buckets, 1)
  HeadRows value_;  // (K · rows · buckets, D): means
};

RaceTail::RaceTail(const TailShape& shape)
    : heads_(shape.heads),
      width_(shape.head_width),
      bits_(bits_for(shape.clusters)),
      coder_(std::make_shared<const KeyCoder>(shape.head_width, kRaceRows * bits_, shape.seed)),
      key_(shape.heads, shape.head_width),
      size_(shape.heads * kRaceRows << bits_, 1),
      value_(shape.heads * kRaceRows << bits_, shape.head_width) {}

std::unique_ptr<TailSummary> RaceTail::clone() const {
  return std::make_unique<RaceTail>(*this);
}

int RaceTail::bucket(int head, int row, std::uint32_t code) const {
  const std::uint32_t own_bits = code >> (row * bits_) & ((1U << bits_) - 1U);
  return ((head * kRaceRows + row) << bits_) + static_cast<int>(own_bits);
}

void RaceTail::add(const TailEntry& entry) {
  ++count_;
  StackRoom room;
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

double RaceTail::read(const TailQuery& query, std::span<float> mean) const {
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

std::size_t RaceTail::bytes() const {
  return key_.bytes() + size_.bytes() + value_.bytes() + coder_->bytes() + sizeof(count_);
}

}  // namespace

std::unique_ptr<TailSummary> make_race_tail(const TailShape& shape) {
  return std::make_unique<RaceTail>(shape);
}

}  // namespace sketchscope
