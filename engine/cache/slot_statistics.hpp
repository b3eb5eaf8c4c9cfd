#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/cache/mass_rows.hpp"
#include "engine/sketch/items.hpp"

namespace sketchscope::cache {

/// Attention of one step by slot: row h of (H, S) at data + h · stride.
struct MassView {
  const float* data = nullptr;
  int heads = 0;
  int slots = 0;
  int stride = 0;

  [[nodiscard]] std::span<const float> head(int index) const {
    return {data + static_cast<std::ptrdiff_t>(index) * stride, static_cast<std::size_t>(slots)};
  }
  [[nodiscard]] MassView part(const sketch::HeadRange& range) const {
    return {
        .data = head(range.first).data(), .heads = range.count, .slots = slots, .stride = stride};
  }
};

/// Returns a view of attention (H, S) without gaps.
[[nodiscard]] MassView mass_view(std::span<const float> mass, int heads);

/// Sums over the heads of a table, head by head, into (S): the mass that statistics and sketches
/// count. Both sum in this one order, so that they agree bit for bit.
void sum_heads(const MassView& mass, std::span<float> sum);

/// Returns what each slot got of the query heads that read one of a table's key/value heads, (S).
/// The query heads of `mass` are shared out over `kv_heads` in order; where several read one, their
/// sum is written to `sum` (S).
[[nodiscard]] std::span<const float> mass_of_kv_head(const MassView& mass, int kv_head,
                                                     int kv_heads, std::span<float> sum);

/// The quantities that may be counted per stored slot. A policy names what it needs; only that is
/// kept, and its bytes are the policy's bookkeeping.
enum class Statistic : std::uint8_t {
  accumulated_mass,
  last_mass,
  query_count,
  key_norm,             ///< of the stored key; does not accumulate
  output_perturbation,  ///< accumulated; policy/output_perturbation.hpp computes it
  value_norm            ///< of the stored value; does not accumulate
};
using StatisticSet = std::vector<Statistic>;

/// The exact per-slot accumulators of one slot table (sums over its heads), and the mass of each
/// slot under the last queries where a policy looks at these one by one. A copy is a fork.
class SlotStatistics {
 public:
  explicit SlotStatistics(StatisticSet kept = {}, int mass_rows = 0);

  /// Takes the memory for one more slot, so that admit() allocates nothing.
  void reserve_to_admit();
  /// Starts the values of `slot` (the next free one, or a victim's) at zero for a new position.
  void admit(int slot);
  /// Adds one query per head: accumulated mass is decayed, then gains; counts go up by one; last
  /// mass is replaced, and so is the oldest row of mass.
  void observe(const MassView& mass, float decay);
  /// Adds one query's mass to the rows alone, as a prompt in one pass does with its last queries.
  void observe_row(const MassView& mass);
  /// Adds a whole prompt as one step, but for its rows: `mass` (S) is summed over heads and
  /// queries, `last` (S) is that of the last query, and `queries` (S) says how many queries saw
  /// each slot.
  void observe_prompt(std::span<const float> mass, std::span<const float> last,
                      std::span<const int> queries);
  /// Adds `gained` (S), which the masses alone do not tell, to the decayed values of a statistic.
  void accumulate(Statistic statistic, std::span<const float> gained, float decay);
  void set(Statistic statistic, int slot, float value);
  /// Follows SlotTable::remove(): the last slot moves to the place of one that leaves.
  void remove(int slot);
  /// Follows SlotTable::keep(): new slot i holds what was in `origin[i]`.
  void keep(std::span<const int> origin);
  /// Returns the statistics that another policy needs: those kept already are carried over, others
  /// start at zero.
  [[nodiscard]] SlotStatistics converted(StatisticSet kept, int mass_rows = 0) const;

  [[nodiscard]] int slots() const { return slots_; }
  [[nodiscard]] bool keeps(Statistic statistic) const { return index_of(statistic).has_value(); }
  /// Returns a statistic by slot, (S). Throws Error where it is not kept.
  [[nodiscard]] std::span<const float> values(Statistic statistic) const;
  [[nodiscard]] const MassRows& mass_rows() const { return rows_; }
  [[nodiscard]] std::size_t bytes() const;  ///< of the filled slots

 private:
  // Where a statistic lies in `values_`; absent when it is not kept.
  [[nodiscard]] std::optional<std::size_t> index_of(Statistic statistic) const;
  // (S) of a statistic; empty when it is not kept.
  [[nodiscard]] std::span<float> kept_values(Statistic statistic);
  void check_slots(std::size_t found) const;

  StatisticSet kept_;
  std::vector<std::vector<float>> values_;  // one (S) per kept statistic
  MassRows rows_;
  std::vector<float> gain_;  // (S), work space of observe
  int slots_ = 0;
};

}  // namespace sketchscope::cache
