#include <algorithm>
#include <cmath>

#include "engine/read/head_rows.hpp"
#include "engine/read/reads.hpp"

namespace sketchscope {
namespace {

/// Summarises the tail by Z = n · e^(c·q·k̄) and m = v̄, with k̄ and v̄ the means over the n
/// evicted positions. By Jensen's inequality this Z never exceeds the true one.
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
  HeadRows key_;     // (K, D)
  HeadRows value_;   // (K, D)
};

CentroidTail::CentroidTail(const TailShape& shape)
    : heads_(shape.heads),
      width_(shape.head_width),
      key_(shape.heads, shape.head_width),
      value_(shape.heads, shape.head_width) {}

std::unique_ptr<TailSummary> CentroidTail::clone() const {
  return std::make_unique<CentroidTail>(*this);
}

void CentroidTail::add(const TailEntry& entry) {
  ++count_;
  for (int head = 0; head < heads_; ++head) {
    move_mean(key_[head], row_of(entry.key, head, width_), 1.0F / count_);
    move_mean(value_[head], row_of(entry.value, head, width_), 1.0F / count_);
  }
}

double CentroidTail::read(const TailQuery& query, std::span<float> mean) const {
  std::ranges::copy(value_[query.head], mean.begin());
  return std::log(static_cast<double>(count_)) + query.scale * dot(query.query, key_[query.head]);
}

std::size_t CentroidTail::bytes() const {
  return key_.bytes() + value_.bytes() + sizeof(count_);
}

}  // namespace

std::unique_ptr<TailSummary> make_centroid_tail(const TailShape& shape) {
  return std::make_unique<CentroidTail>(shape);
}

}  // namespace sketchscope
