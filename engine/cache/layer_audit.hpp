#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/cache/slot_table.hpp"
#include "engine/policy/slot_statistics.hpp"

namespace sketchscope {

/// How far the attention of some heads moved from that over everything they ever stored: sums over
/// the heads, so that those of a layer's tables add up.
struct Divergence {
  int heads = 0;            ///< that lost something; 0 while nothing was evicted
  double lost_mass = 0;     ///< sum of 1 − m
  double log_loss = 0;      ///< sum of −ln m, nats
  double error_square = 0;  ///< ‖o′−o‖²
  double full_square = 0;   ///< ‖o‖²
  double lane_square = 0;   ///< ‖o′‖²
  double dot = 0;           ///< o′·o

  Divergence& operator+=(const Divergence& other);

  [[nodiscard]] double retained_mass() const { return 1 - attention_tv(); }
  [[nodiscard]] double attention_tv() const { return heads > 0 ? lost_mass / heads : 0; }
  [[nodiscard]] double attention_kl() const { return heads > 0 ? log_loss / heads : 0; }
  [[nodiscard]] double output_error() const;   ///< ‖o′−o‖/‖o‖
  [[nodiscard]] double output_cosine() const;  ///< of o′ and o
};

/// What is kept beside one slot table only to measure: evicted keys and values, exact counters,
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
  /// Its sum over all positions, so far.
  [[nodiscard]] double total_regret() const { return total_regret_; }
  [[nodiscard]] int evicted() const { return evicted_.stored(); }
  [[nodiscard]] std::size_t bytes() const;

 private:
  SlotTable evicted_;
  PageShape shape_;
  std::vector<float> exact_mass_;  // (T)
  std::vector<float> regret_;      // (T)
  double total_regret_ = 0;
  std::vector<float> output_;       // (H, D), scratch: over the evicted positions
  std::vector<float> mass_;         // (H, evicted), scratch
  std::vector<float> log_sum_exp_;  // (H), scratch
};

}  // namespace sketchscope
