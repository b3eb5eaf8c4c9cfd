#pragma once

#include <cstddef>

#include "engine/model/model_config.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::settings {

/// The bytes that the memory ledger counts for a lane whose policy evicts (keys and values,
/// statistics, sketch and tail summary), once its tables are full and something was evicted.
struct LaneBytes {
  std::size_t fixed = 0;     ///< independent of the capacity
  std::size_t per_slot = 0;  ///< one slot of capacity costs this in all tables together
  std::size_t per_page = 0;  ///< so does a page of 16 slots, full or not

  /// Returns the bytes at a capacity.
  [[nodiscard]] std::size_t at(int capacity) const;
};

/// Computes the bytes exactly, except for the sketch `exact`, whose counters grow with the items
/// seen: it counts as if every possible item had occurred. Throws UsageError on knobs that the
/// model cannot have.
LaneBytes lane_bytes(const model::ModelConfig& config, const Knobs& knobs);

/// Returns the largest `max_cache_size` with which a lane stays within `max_bytes`, at most the
/// model's positions. Throws UsageError where no capacity above the sinks fits, and for the policy
/// `full`, which ignores the capacity.
int capacity_within(const model::ModelConfig& config, const Knobs& knobs, std::size_t max_bytes);

}  // namespace sketchscope::settings
