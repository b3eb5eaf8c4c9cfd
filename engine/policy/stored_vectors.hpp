#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/cache/slot_table.hpp"
#include "engine/formula/evaluate.hpp"
#include "kernels/attention.hpp"

namespace sketchscope::policy {

/// The keys of one table, and who reads them.
struct StoredVectors {
  const cache::SlotTable* table = nullptr;
  int kv_heads = 0;                  ///< heads that it stores
  int query_heads = 0;               ///< that read it
  int head_width = 0;                ///< D
  float scale = 1;                   ///< of products of queries and keys
  kernels::SlotRotations rotations;  ///< empty unless keys are rotated while they are read

  [[nodiscard]] std::size_t width() const { return static_cast<std::size_t>(head_width); }
  /// Returns the numbers of a key of all heads of the table.
  [[nodiscard]] std::size_t key_numbers() const {
    return static_cast<std::size_t>(kv_heads) * width();
  }
  /// Decodes the key of a slot into (heads of the table, D), as it is stored.
  void read_key(int slot, std::span<float> key) const { table->read_key(slot, key); }
  /// Decodes the keys of all slots, (S, heads of the table, D).
  void read_keys(std::span<float> keys) const;
  /// Rotates the keys of all slots if attention rotates them while it reads them.
  void rotate_keys(std::span<float> keys) const;
};

/// The size of a table that is scored.
struct TableSize {
  std::size_t slots = 0;
  std::size_t kv_heads = 0;
  std::size_t query_heads = 0;
  std::size_t head_width = 0;
};

/// The memory that scoring works in, kept from step to step so that a step allocates nothing.
struct ScoreRoom {
  struct Size {
    std::size_t numbers = 0;
    std::size_t slots = 0;
    formula::Workspace::Size formula = {};
  };
  void reserve(const Size& size);
  [[nodiscard]] std::size_t bytes() const;
  /// Returns `count` numbers of unspecified value, valid until the next call.
  [[nodiscard]] std::span<float> take(std::size_t count);

  std::vector<float> numbers;
  std::vector<int> order;            // slots in order of position
  std::vector<float> mean_rotation;  // (R)
  formula::Workspace formula;
};

}  // namespace sketchscope::policy
