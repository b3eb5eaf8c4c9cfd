#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/core/registry.hpp"
#include "engine/policy/victim.hpp"

namespace sketchscope {

/// What a read may look at when it chooses among the slots of one table.
struct SlotChoice {
  std::span<const int> positions;     // (S)
  std::span<const float> importance;  // (S), by the policy; empty unless needs_scores()
  Protection protection;              ///< sinks, and the recent window with the incoming token
  int read_k = 0;
};

/// How attention uses what is stored. Stateless: what an aggregate remembers of evicted positions
/// lies in a TailSummary.
class Read {
 public:
  virtual ~Read() = default;

  [[nodiscard]] virtual bool needs_scores() const { return false; }
  /// Whether a summary of the evicted positions joins what is stored.
  [[nodiscard]] virtual bool reads_tail() const { return false; }
  /// Whether it obeys SlotChoice::read_k.
  [[nodiscard]] virtual bool takes_k() const { return false; }

  /// The slots to read, ascending; empty for all of them.
  virtual void choose_slots(const SlotChoice& choice, std::vector<int>& slots) const = 0;
};

/// One line of the registry; flags, menus and tests read it.
struct ReadKind {
  std::string_view name;
  std::string_view help;
  std::unique_ptr<Read> (*make)();

  // As the read itself answers.
  bool reads_tail;
  bool takes_k;
};
const Registry<ReadKind>& read_kinds();
using ReadChoice = Chosen<read_kinds>;

}  // namespace sketchscope
