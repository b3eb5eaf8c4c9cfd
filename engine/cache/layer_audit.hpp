#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/cache/slot_table.hpp"
#include "engine/policy/slot_statistics.hpp"

namespace sketchscope {

/// How far one layer's attention moved from that over everything it ever stored; means over heads.
struct Divergence {
  double retained_mass = 1;
  double attention_kl = 0;  ///< mean of −ln m, nats
  double attention_tv = 0;  ///< mean of 1 − m
  double output_error = 0;  ///< ‖o′−o‖/‖o‖ over the layer's (H, D)
  double output_cosine = 1;
};

/// What is kept of one layer of one lane only to measure: evicted keys and values, exact counters,
/// regret. A copy is a fork.
class LayerAudit {
 public:
  /// `positions` is T.
  LayerAudit(std::shared_ptr<PagePool> pool, int positions);

  /// Keeps what leaves the lane's table.
  void keep_evicted(const SlotTable& table, int slot);

  /// Adds one step's mass per stored slot (S), summed over heads.
  void count(std::span<const int> stored_positions, std::span<const float> slot_mass, float decay);

  /// One lane query against stored and evicted positions together (design section 3, shadow).
  struct Query {
    std::span<const float> query;        // (H, D)
    std::span<const float> output;       // (H, D), over the stored slots
    std::span<const float> log_sum_exp;  // (H), likewise
    float scale = 1;
  };
  Divergence compare(const Query& lane);

  [[nodiscard]] std::span<const float> exact_mass() const { return exact_mass_; }  ///< (T)
  [[nodiscard]] std::span<const float> regret() const { return regret_; }          ///< (T)
  [[nodiscard]] int evicted() const { return evicted_.stored(); }
  [[nodiscard]] std::size_t bytes() const;

 private:
  SlotTable evicted_;
  PageShape shape_;
  std::vector<float> exact_mass_;   // (T)
  std::vector<float> regret_;       // (T)
  std::vector<float> output_;       // (H, D), scratch: over the evicted positions
  std::vector<float> mass_;         // (H, evicted), scratch
  std::vector<float> log_sum_exp_;  // (H), scratch
};

}  // namespace sketchscope
