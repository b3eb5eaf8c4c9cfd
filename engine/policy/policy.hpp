#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "engine/cache/slot_statistics.hpp"
#include "engine/sketch/item_map.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope {

/// All that a policy may look at when it scores one full table.
struct ScoreInput {
  int layer = 0;
  std::span<const int> stored_positions;  // (S)
  const SlotStatistics& statistics;
  const Sketch* sketch = nullptr;  ///< null where uses_sketch() is false
  ItemMap items;                   ///< of the stored positions in the sketch
  std::uint64_t seed = 0;
};

/// Decides what a stored position is worth. Stateless: what it remembers lies in the statistics and
/// the sketch, so lanes fork, policies change and replays repeat without asking it.
class Policy {
 public:
  virtual ~Policy() = default;

  /// False for `full`, which ignores the capacity.
  [[nodiscard]] virtual bool evicts() const { return true; }
  [[nodiscard]] virtual StatisticSet needs() const { return {}; }
  [[nodiscard]] virtual bool uses_sketch() const { return false; }

  /// Importance of every stored slot, (S); the lowest unprotected one leaves first.
  virtual void score(const ScoreInput& input, std::span<float> importance) const = 0;
};

/// One line per policy; flags, menus, docs and tests read it.
struct PolicyKind {
  std::string_view name;
  std::string_view help;
  std::unique_ptr<Policy> (*make)();
};
std::span<const PolicyKind> policy_kinds();

/// Throws UsageError naming the policies there are.
std::unique_ptr<Policy> make_policy(std::string_view name);

}  // namespace sketchscope
