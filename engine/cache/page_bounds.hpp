#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/cache/slot_table.hpp"

namespace sketchscope::cache {

/// The least and the largest of every number of the keys on each page of a table, as they are
/// stored. They follow from the stored keys alone. A copy is a fork.
class PageBounds {
 public:
  PageBounds() = default;
  /// Keeps bounds for tables of `heads` key/value heads of width D.
  PageBounds(int heads, int head_width);

  [[nodiscard]] bool are_kept() const { return numbers_ > 0; }
  /// Takes the memory for a table of `slots` slots.
  void reserve(std::size_t slots);
  /// Computes the bounds of the page of a slot, whose key changed, again.
  void update(const SlotTable& table, int slot);
  /// Computes all of them, as many as the table has pages with slots.
  void rebuild(const SlotTable& table);

  [[nodiscard]] int pages() const;
  /// Returns the largest product that a key on the page could have with a query (D) of a key/value
  /// head: Σ_d max(q_d · least_d, q_d · largest_d) (Quest, arXiv 2406.10774).
  [[nodiscard]] float bound(int page, int kv_head, std::span<const float> query) const;
  [[nodiscard]] std::size_t bytes() const { return bounds_.size() * sizeof(float); }

 private:
  std::size_t width_ = 0;      // D
  std::size_t numbers_ = 0;    // of a key of all heads; 0 where nothing is kept
  std::vector<float> bounds_;  // (pages, 2, heads, D): least, largest
  std::vector<float> key_;     // (heads, D), workspace
};

}  // namespace sketchscope::cache
