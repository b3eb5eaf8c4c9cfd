#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/cache/page_bounds.hpp"
#include "engine/core/registry.hpp"
#include "engine/policy/victim.hpp"

namespace sketchscope::read {

/// The inputs of a read when it selects among the slots of one table.
struct SlotChoice {
  std::span<const int> positions;     // (S)
  std::span<const float> importance;  // (S), scores of the policy; empty unless needs_scores()
  policy::Protection protection;      ///< sinks, and the recent window with the incoming token
  int read_k = 0;
};

/// The inputs of a read that selects pages for one query head.
struct PageChoice {
  const cache::PageBounds& bounds;
  int kv_head = 0;               ///< of the table: the head that is read
  std::span<const float> query;  // (D)
  int layer = 0;
  int stored = 0;       ///< S
  int newest_slot = 0;  ///< slot of the incoming token, whose page is always read
  int read_k = 0;
};

/// Selects the stored slots that a query attends to (docs/cache.md, "Reads"). It is stateless: the
/// summary of evicted positions that `aggregate` adds lies in a TailSummary.
class Read {
 public:
  virtual ~Read() = default;

  /// Whether choose_slots() reads SlotChoice::importance.
  [[nodiscard]] virtual bool needs_scores() const { return false; }
  /// Whether attention also covers a summary of the evicted positions.
  [[nodiscard]] virtual bool reads_tail() const { return false; }
  /// Whether choose_slots() depends on SlotChoice::read_k.
  [[nodiscard]] virtual bool takes_k() const { return false; }

  /// Whether each query head selects pages of its own by choose_pages().
  [[nodiscard]] virtual bool reads_pages() const { return false; }

  /// Sets `slots` to the slots to read, ascending; empty stands for all stored slots, which is what
  /// a read takes that does not choose.
  virtual void choose_slots(const SlotChoice& /*choice*/, std::vector<int>& slots) const {
    slots.clear();
  }
  /// Selects pages for one query head; called only if reads_pages() is true. `bounds` is workspace.
  virtual void choose_pages(const PageChoice& /*choice*/, std::vector<float>& /*bounds*/,
                            std::vector<int>& slots) const {
    slots.clear();
  }
};

/// An entry of the registry of reads, from which flags, menus and tests are made.
struct ReadKind {
  std::string_view name;
  std::string_view help;
  std::unique_ptr<Read> (*make)();

  // The results of Read::reads_tail(), takes_k(), needs_scores() and reads_pages().
  bool reads_tail;
  bool takes_k;
  bool needs_scores;
  bool reads_pages;
};
const core::Registry<ReadKind>& read_kinds();
using ReadChoice = core::Chosen<read_kinds>;

}  // namespace sketchscope::read
