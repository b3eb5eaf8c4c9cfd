#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/kernels/kernel_test.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {

struct TableShape {
  int stored;
  int heads;
  int width;
  int kv_heads = heads;
};

/// A query and pages with random content. Unused slots contain NaN, which would propagate if a
/// kernel read them.
class RandomTable {
 public:
  RandomTable(unsigned seed, TableShape shape, float reach = 1.0F, KvFormat format = KvFormat::f32)
      : shape_(shape),
        format_(format),
        query_(random_values(seed, static_cast<std::size_t>(shape.heads * shape.width), -reach,
                             reach)),
        slot_count_((shape.stored + kSlotsPerPage - 1) / kSlotsPerPage * kSlotsPerPage) {
    keys_ = encoded(random_values(seed + 1, numbers(), -reach, reach));
    values_ = encoded(random_values(seed + 2, numbers()));
    const std::size_t page = static_cast<std::size_t>(shape.kv_heads) * kSlotsPerPage * bytes();
    for (std::size_t start = 0; start < keys_.size(); start += page) {
      pages_.push_back({keys_.data() + start, values_.data() + start});
    }
  }

  [[nodiscard]] DecodeAttention input() const {
    return {.pages = pages_,
            .format = format_,
            .stored = shape_.stored,
            .heads = shape_.heads,
            .kv_heads = shape_.kv_heads,
            .head_width = shape_.width,
            .scale = 1.0F / std::sqrt(static_cast<float>(shape_.width)),
            .query = query_};
  }
  /// Returns the key or value of one slot.
  [[nodiscard]] std::span<const float> value(int slot, int head) const {
    const auto* page = static_cast<const std::byte*>(
        pages_[static_cast<std::size_t>(slot / kSlotsPerPage)].values);
    const auto place = static_cast<std::size_t>(head * kSlotsPerPage + slot % kSlotsPerPage);
    return {reinterpret_cast<const float*>(page + place * bytes()),
            static_cast<std::size_t>(shape_.width)};
  }

 private:
  [[nodiscard]] std::size_t bytes() const { return kv_vector_bytes(format_, shape_.width); }
  [[nodiscard]] std::size_t numbers() const {
    return static_cast<std::size_t>(slot_count_ * shape_.kv_heads * shape_.width);
  }
  /// Returns `vectors` (pages, K, 16, D) in the table's format. All bits of an unused slot are set,
  /// which is NaN in floats, halves and scales.
  [[nodiscard]] std::vector<std::byte> encoded(const std::vector<float>& vectors) const {
    const int count = slot_count_ * shape_.kv_heads;
    std::vector<std::byte> result(static_cast<std::size_t>(count) * bytes());
    reference::encode_kv(
        {.format = format_, .width = shape_.width, .count = count, .stride = bytes()}, vectors,
        result);
    for (int i = 0; i < count; ++i) {
      const int page = i / (shape_.kv_heads * kSlotsPerPage);
      if (page * kSlotsPerPage + i % kSlotsPerPage < shape_.stored) continue;
      std::fill_n(result.begin() + i * static_cast<long>(bytes()), bytes(), std::byte{0xFF});
    }
    return result;
  }

  TableShape shape_;
  KvFormat format_;
  std::vector<float> query_;
  int slot_count_;
  std::vector<std::byte> keys_;
  std::vector<std::byte> values_;
  std::vector<PageView> pages_;
};

/// The output buffers of one table.
struct Outputs {
  explicit Outputs(TableShape shape)
      : output(static_cast<std::size_t>(shape.heads * shape.width)),
        mass(static_cast<std::size_t>(shape.heads * shape.stored)),
        log_sum_exp(static_cast<std::size_t>(shape.heads)) {}
  AttentionResult result() {
    return {.output = output.values(), .mass = mass.values(), .log_sum_exp = log_sum_exp.values()};
  }
  [[nodiscard]] bool guards_intact() const {
    return output.guards_intact() && mass.guards_intact() && log_sum_exp.guards_intact();
  }

  Guarded output;
  Guarded mass;
  Guarded log_sum_exp;
};

}  // namespace sketchscope::kernels
