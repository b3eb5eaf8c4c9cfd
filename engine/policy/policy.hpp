#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "engine/cache/slot_statistics.hpp"
#include "engine/core/registry.hpp"
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
  /// True for `window`: what it keeps are the latest positions, whatever they drew.
  [[nodiscard]] virtual bool keeps_latest() const { return false; }

  /// Importance of every stored slot, (S); the lowest unprotected one leaves first.
  virtual void score(const ScoreInput& input, std::span<float> importance) const = 0;
};

/// One line of the registry; flags, menus, docs and tests read it.
struct PolicyKind {
  std::string_view name;
  std::string_view help;
  std::unique_ptr<Policy> (*make)();

  // As the policy itself answers.
  bool evicts;
  bool uses_sketch;
  bool keeps_latest;
};
const Registry<PolicyKind>& policy_kinds();
using PolicyChoice = Chosen<policy_kinds>;

}  // namespace sketchscope
