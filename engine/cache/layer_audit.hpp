#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/cache/readings.hpp"
#include "engine/cache/shadow_attention.hpp"
#include "engine/cache/slot_statistics.hpp"
#include "engine/cache/slot_table.hpp"

namespace sketchscope {

/// How far the attention of some heads moved from the full one: sums over the heads, so that those
/// of a layer's tables add up.
///
/// Everything is by position and under the lane's own query. The full attention is over the exact
/// keys and values of all that was ever stored, as the twin holds them, with probabilities p; the
/// lane's is over what it read, with probabilities q. A position that was not read has q = 0; what
/// a summary of evicted positions drew is one event, z, against all that they would have drawn.
struct Divergence {
  int heads = 0;               ///< that could differ; 0 while everything is read exactly
  double lost_mass = 0;        ///< sum of 1 − m, m being what p gives to the positions read
  double kl = 0;               ///< sum of KL(q‖p), nats: −ln m where keys are exact and z = 0
  double total_variation = 0;  ///< sum of ½ Σ |q − p|: 1 − m likewise
  double error_square = 0;     ///< ‖o′−o‖²
  double full_square = 0;      ///< ‖o‖²
  double lane_square = 0;      ///< ‖o′‖²
  double dot = 0;              ///< o′·o

  Divergence& operator+=(const Divergence& other);
  /// One head's output (D) against that of the full attention.
  void add_output(std::span<const float> lane, std::span<const double> full);

  [[nodiscard]] double retained_mass() const { return heads > 0 ? 1 - lost_mass / heads : 1; }
  [[nodiscard]] double attention_tv() const { return heads > 0 ? total_variation / heads : 0; }
  [[nodiscard]] double attention_kl() const { return heads > 0 ? kl / heads : 0; }
  [[nodiscard]] double output_error() const;   ///< ‖o′−o‖/‖o‖
  [[nodiscard]] double output_cosine() const;  ///< of o′ and o
};

/// What is kept beside one slot table only to measure: exact keys and values, exact counters,
/// regret. A copy is a fork.
class LayerAudit {
 public:
  /// `pool` has pages in f32, `positions` is T.
  LayerAudit(std::shared_ptr<PagePool> pool, int positions);

  /// Call before the table's format first loses digits: from then on all that is stored has to be
  /// kept here too, not only what was evicted.
  void keep_originals(const SlotTable& table);
  [[nodiscard]] bool keeps_originals() const { return originals_kept_; }
  /// Takes what the next position to be kept asks for, so that keeping and comparing allocate
  /// nothing.
  void make_room();
  /// What comes into the table, exactly; nothing before keep_originals.
  void admit(const SlotTable::Entry& entry);
  /// What leaves the lane's table.
  void keep_evicted(const SlotTable& table, int slot);

  /// Adds one step's mass per stored slot (S), summed over heads.
  void count(std::span<const int> stored_positions, std::span<const float> slot_mass, float decay);

  /// One lane query and how it was answered.
  struct Query {
    const SlotTable& table;
    std::span<const int> slots;          // read, ascending; empty: all that are stored
    std::span<const float> query;        // (H, D)
    std::span<const float> output;       // (H, D), the summary's part included
    std::span<const float> mass;         // (H, S), likewise
    std::span<const float> log_sum_exp;  // (H), over the slots read
    std::span<const float> tail_share;   // (H): z; empty without a summary
    float scale = 1;
  };
  /// What has to be read before compare(): the audit keeps the results. Every lane's of a layer are
  /// read together.
  void add_readings(const Query& lane, Readings& readings);
  /// Against the full attention; positions that were evicted gain regret.
  Divergence compare(const Query& lane);
  /// Both attentions of one of the table's heads, before anything else is read.
  void align(const Query& lane, int head, ShadowAttention& attention) const;

  [[nodiscard]] std::span<const float> exact_mass() const { return exact_mass_; }  ///< (T)
  [[nodiscard]] std::span<const float> regret() const { return regret_; }          ///< (T)
  /// Its sum over all positions, so far.
  [[nodiscard]] double total_regret() const { return total_regret_; }
  [[nodiscard]] std::size_t bytes() const;
  /// The same, but of keys and values only the pages that `earlier` (may be null) does not share.
  [[nodiscard]] std::size_t bytes_beside(const LayerAudit* earlier) const;

 private:
  /// Attention over one table, with room for it.
  struct Reading {
    std::vector<float> output;       // (H, D)
    std::vector<float> mass;         // (H, S)
    std::vector<float> log_sum_exp;  // (H)

    void add(const SlotTable& table, const PageShape& shape, const Query& lane, Readings& readings);
  };
  // All that is stored was read, and nothing stood for the rest.
  [[nodiscard]] static bool read_whole(const Query& lane) {
    return lane.slots.empty() && lane.tail_share.empty();
  }
  // Nothing was evicted or left out, so nothing can differ.
  [[nodiscard]] bool reads_all_exactly(const Query& lane) const {
    return !originals_kept_ && kept_.stored() == 0 && lane.slots.empty();
  }
  Divergence compare_with_evicted(const Query& lane);
  Divergence compare_with_originals(const Query& lane);
  // Of one head, while what is stored is exact.
  struct Shares {
    double full_log = 0;  // ln of the sum of e^score over everything
    double evicted = 0;   // what the evicted positions have of it
  };
  [[nodiscard]] Shares shares_of(const Query& lane, std::size_t head) const;
  void mark_evicted(std::span<const int> stored_positions);

  SlotTable kept_;  // what was evicted; once originals_kept_, every position in order
  bool originals_kept_ = false;
  PageShape shape_;
  std::vector<float> exact_mass_;  // (T)
  std::vector<float> regret_;      // (T)
  double total_regret_ = 0;
  Reading of_kept_;           // scratch: over kept_
  Reading of_stored_;         // scratch: over all of the lane's slots, where it did not read them
  std::vector<double> full_;  // scratch: a head's output under the full attention, (D)
  std::vector<bool> is_evicted_;  // scratch: by position
};

}  // namespace sketchscope
