#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/cache/slot_table.hpp"
#include "engine/policy/victim.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::decode {

/// Counts how often policy, read, format and budget had an effect, so that settings without any can
/// be reported (docs/cache.md, "What was decided"). Each table keeps its own counts, which are
/// summed over tables and lanes.
struct Decisions {
  std::int64_t victims = 0;           ///< chosen among at least two candidates
  std::int64_t unlike_window = 0;     ///< of these, those that left while an older one stayed
  std::int64_t without_number = 0;    ///< of these, those whose score was NaN or −∞
  std::int64_t reads = 0;             ///< queries that read a table
  std::int64_t reads_skipping = 0;    ///< of these, those that skipped a slot
  std::int64_t reads_of_summary = 0;  ///< of these, those in which a summary took a share
  std::int64_t slots = 0;             ///< keys and values that were stored
  std::int64_t slots_rounded = 0;     ///< of these, those that the knob `kv` changed
  std::int64_t tables = 0;            ///< tables that may fill up, at the end
  std::int64_t tables_resized = 0;    ///< of these, those with more or fewer than `max_cache_size`

  /// Counts positions that leave a table at once, while they are still stored in it. `leaving` is a
  /// range of policy::Victim.
  template <std::ranges::forward_range Victims>
  void note_victims(std::span<const int> stored, Victims&& leaving, int sinks);
  void note_read(int slots_read, int slots_stored, bool summary);
  /// Counts a slot whose key and value were just written. `workspace` is for (K, D) numbers.
  void note_written(const cache::SlotTable& table, int slot, std::span<const float> key,
                    std::span<const float> value, std::span<float> workspace);

  Decisions& operator+=(const Decisions& other);

 private:
  void note_victim(const policy::Victim& victim, bool older_stays);
};

template <std::ranges::forward_range Victims>
void Decisions::note_victims(std::span<const int> stored, Victims&& leaving, int sinks) {
  const auto position_of = [&](const policy::Victim& victim) {
    return stored[static_cast<std::size_t>(victim.slot)];
  };
  const auto leaves = [&](int position) {
    return std::ranges::find(leaving, position, position_of) != std::ranges::end(leaving);
  };
  // The lowest position that stays, the sinks left aside.
  constexpr int kNone = std::numeric_limits<int>::max();
  int oldest = kNone;
  for (int least = sinks;; least = oldest + 1) {
    oldest = kNone;
    for (const int position : stored) {
      if (position >= least) oldest = std::min(oldest, position);
    }
    if (oldest == kNone || !leaves(oldest)) break;
  }
  for (const policy::Victim& victim : leaving) note_victim(victim, position_of(victim) > oldest);
}

/// A count with its name in results.
struct NamedCount {
  std::string_view name;
  std::int64_t Decisions::*count;
};
std::span<const NamedCount> decision_counts();

/// Returns a sentence for each knob that had no effect in a finished run, and one if the score of
/// any victim was NaN or −∞.
std::vector<std::string> idle_knobs(const Decisions& decided, const settings::Knobs& knobs);

}  // namespace sketchscope::decode
