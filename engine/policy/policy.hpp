#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "engine/cache/slot_statistics.hpp"
#include "engine/core/registry.hpp"
#include "engine/sketch/items.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope::policy {

/// The inputs of a policy when it scores one full table.
struct ScoreInput {
  int layer = 0;
  std::span<const int> stored_positions;  // (S)
  const cache::SlotStatistics& statistics;
  const sketch::Sketch* sketch = nullptr;  ///< null where uses_sketch() is false
  sketch::ItemMap items;                   ///< items of the stored positions
  std::uint64_t seed = 0;
};

/// Scores stored positions by importance (docs/cache.md, "Policies"). It is stateless: everything
/// that it accumulates lies in the slot statistics and the sketch, so that a fork copies those
/// alone and a replay repeats every choice.
class Policy {
 public:
  virtual ~Policy() = default;

  /// False for `full`, which ignores the capacity.
  [[nodiscard]] virtual bool evicts() const { return true; }
  /// The slot statistics that score() reads.
  [[nodiscard]] virtual cache::StatisticSet needs() const { return {}; }
  /// True if score() reads ScoreInput::sketch.
  [[nodiscard]] virtual bool uses_sketch() const { return false; }
  /// True for `window`, which keeps the latest positions whatever attention they drew.
  [[nodiscard]] virtual bool keeps_latest() const { return false; }

  /// Writes the importance of every stored slot to `importance` (S); the lowest unprotected slot
  /// leaves first. Throws Error where it needs a sketch and there is none.
  virtual void score(const ScoreInput& input, std::span<float> importance) const = 0;
};

/// An entry of the registry of policies, from which flags, menus, documentation and tests are made.
struct PolicyKind {
  std::string_view name;
  std::string_view help;
  std::unique_ptr<Policy> (*make)();

  // The answers of Policy::evicts(), uses_sketch() and keeps_latest().
  bool evicts;
  bool uses_sketch;
  bool keeps_latest;
};
const core::Registry<PolicyKind>& policy_kinds();
using PolicyChoice = core::Chosen<policy_kinds>;

}  // namespace sketchscope::policy
