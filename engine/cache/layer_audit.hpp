#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/cache/divergence.hpp"
#include "engine/cache/slot_statistics.hpp"
#include "engine/cache/slot_table.hpp"
#include "engine/trace/step_trace.hpp"
#include "kernels/attention.hpp"

namespace sketchscope::cache {

/// The calls of the attention kernel in one layer, by lane and table, which run side by side.
class AttentionBatch {
 public:
  /// Adds a call whose output goes to `result`; what both refer to has to last until run().
  void add(const kernels::DecodeAttention& input, const kernels::AttentionResult& result) {
    inputs_.push_back(input);
    results_.push_back(result);
  }

  void clear() {
    inputs_.clear();
    results_.clear();
  }

  /// Returns what the calls have to do: read keys and values, and multiply each number of them once
  /// for every query head.
  [[nodiscard]] trace::Work work() const;

  /// Runs all calls on the threads of `pool`.
  void run(kernels::ThreadPool& pool) const { kernels::decode_attention(pool, inputs_, results_); }
  /// Runs all calls one after the other.
  void run() const {
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      kernels::decode_attention(inputs_[i], results_[i]);
  }

 private:
  std::vector<kernels::DecodeAttention> inputs_;
  std::vector<kernels::AttentionResult> results_;
};

/// The data that is kept for one slot table only to measure it: exact keys and values, exact
/// counters and regret. A copy is a fork.
class LayerAudit {
 public:
  /// `pool` has pages in f32 for the table's key/value heads, which `heads` query heads read;
  /// `positions` is T.
  LayerAudit(std::shared_ptr<PagePool> pool, int heads, int positions);

  /// Keeps all that is stored here too, not only what was evicted. It has to be called before the
  /// table's format first loses digits.
  void keep_originals(const SlotTable& table);
  [[nodiscard]] bool keeps_originals() const { return originals_kept_; }
  /// Takes the memory of the next `count` positions to be kept, but of their pages only the first,
  /// so that keeping one and comparing allocate nothing.
  void reserve_next(int count = 1);
  /// Keeps the exact key and value that come into the table, once it keeps originals.
  void admit(const SlotTable::Entry& entry);
  /// Keeps a slot that leaves the lane's table.
  void keep_evicted(const SlotTable& table, int slot);

  /// Adds one step's mass per stored slot (S), summed over heads.
  void count(std::span<const int> stored_positions, std::span<const float> slot_mass, float decay);

  /// One query of a lane and the results of its attention.
  struct Query {
    const SlotTable& table;
    // Slots read, ascending, by query head or once for all of them; an empty list: all stored ones.
    std::span<const std::vector<int>> slots;
    std::span<const float> query;        // (H, D)
    std::span<const float> output;       // (H, D), the summary's part included
    std::span<const float> mass;         // (H, S), likewise
    std::span<const float> log_sum_exp;  // (H), over the slots read
    std::span<const float> tail_share;   // (H): z; empty without a summary
    float scale = 1;

    [[nodiscard]] const std::vector<int>& slots_of(std::size_t head) const {
      return slots[slots.size() > 1 ? head : 0];
    }
    [[nodiscard]] bool takes_all_slots() const {
      return std::ranges::all_of(slots, [](const auto& read) { return read.empty(); });
    }
  };
  /// Adds the calls whose results compare() needs, which the audit keeps; those of all lanes of a
  /// layer run together.
  void add_reads(const Query& lane, AttentionBatch& batch);
  /// Compares the lane's attention with the full one; positions that were evicted gain regret.
  Divergence compare(const Query& lane);
  /// Writes both attentions of one of the table's heads, from the results that add_reads() asked
  /// for.
  void align(const Query& lane, int head, ShadowAttention& attention) const;

  /// Returns what is kept beside the table: what was evicted or, where originals are kept, all.
  [[nodiscard]] const SlotTable& kept() const { return kept_; }
  [[nodiscard]] std::span<const float> exact_mass() const { return exact_mass_; }  ///< (T)
  [[nodiscard]] std::span<const float> regret() const { return regret_; }          ///< (T)
  /// Returns the sum of the regret over all positions, so far.
  [[nodiscard]] double total_regret() const { return total_regret_; }
  [[nodiscard]] std::size_t bytes() const;
  /// Returns the same, but of keys and values only the pages that `earlier` (may be null) does not
  /// share.
  [[nodiscard]] std::size_t bytes_beside(const LayerAudit* earlier) const;

 private:
  /// Attention over one table.
  struct Attention {
    std::vector<float> output;       // (H, D)
    std::vector<float> mass;         // (H, S)
    std::vector<float> log_sum_exp;  // (H)

    void ask(const SlotTable& table, const PageShape& shape, const Query& lane,
             AttentionBatch& batch);
  };
  // All that is stored was read, and nothing stood for the rest.
  [[nodiscard]] static bool read_whole(const Query& lane) {
    return lane.takes_all_slots() && lane.tail_share.empty();
  }
  // Nothing was evicted or left out, so nothing can differ.
  [[nodiscard]] bool reads_all_exactly(const Query& lane) const {
    return !originals_kept_ && kept_.stored() == 0 && lane.takes_all_slots();
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
  int heads_;                      // H
  std::vector<float> exact_mass_;  // (T)
  std::vector<float> regret_;      // (T)
  double total_regret_ = 0;
  Attention of_kept_;         // workspace: over kept_
  Attention of_stored_;       // workspace: over all of the lane's slots, where it did not read them
  std::vector<double> full_;  // workspace: a head's output under the full attention, (D)
  std::vector<bool> is_evicted_;  // workspace: by position
};

}  // namespace sketchscope::cache
