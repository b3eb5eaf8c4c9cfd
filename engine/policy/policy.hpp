#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/cache/query_moments.hpp"
#include "engine/cache/slot_statistics.hpp"
#include "engine/core/registry.hpp"
#include "engine/policy/formula.hpp"
#include "engine/policy/stored_vectors.hpp"
#include "engine/sketch/items.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope::policy {

/// The knobs that say how a policy looks at the last queries.
struct Observation {
  int window = 32;      ///< queries whose mass is kept one by one
  int pool_kernel = 5;  ///< neighbours, itself included, over which a mean is taken; odd
};

/// The inputs of a policy when it scores one full table.
struct ScoreInput {
  int layer = 0;
  std::span<const int> stored_positions;  // (S)
  const cache::SlotStatistics& statistics;
  const sketch::Sketch* sketch = nullptr;  ///< null where uses_sketch() is false
  sketch::ItemMap items;                   ///< items of the stored positions
  std::uint64_t seed = 0;
  int capacity = 0;  ///< slots that the table may fill
  int sinks = 0;
  int next_position = 0;  ///< of the next query: those before it were counted
  Observation observation;
  StoredVectors stored;                          ///< what is stored, as attention reads it
  const cache::QueryMoments* moments = nullptr;  ///< null where needs_query_moments() is false
  /// The mean rotation of the next queries, (R), from model::write_mean_rotation(); empty if keys
  /// are not rotated.
  std::span<const float> mean_rotation;
  ScoreRoom* room = nullptr;  ///< null where score_room() is empty
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
  /// The number of latest queries whose masses score() uses separately.
  [[nodiscard]] virtual int mass_rows(const Observation&) const { return 0; }
  /// How many of the latest fed positions are protected even if the recent window is shorter: those
  /// whose queries produced the kept rows of mass.
  [[nodiscard]] virtual int protected_latest(const Observation&) const { return 0; }
  /// Whether score() depends on Observation::pool_kernel.
  [[nodiscard]] virtual bool pools() const { return false; }
  /// Whether score() reads the stored keys (or values), and so that of the incoming token too.
  [[nodiscard]] virtual bool reads_vectors() const { return false; }
  /// Whether score() reads mean and covariance of the queries so far.
  [[nodiscard]] virtual bool needs_query_moments() const { return false; }
  /// The workspace that score() needs for a table of this size.
  [[nodiscard]] virtual ScoreRoom::Size score_room(const TableSize&) const { return {}; }
  /// True for `window`, which keeps the latest positions whatever attention they drew.
  [[nodiscard]] virtual bool keeps_latest() const { return false; }

  /// Writes the importance of every stored slot to `importance` (S); the lowest unprotected slot
  /// leaves first. Throws Error where it needs a sketch and there is none.
  virtual void score(const ScoreInput& input, std::span<float> importance) const = 0;
};

/// The options with which a policy is made.
struct PolicyOptions {
  Formula formula;
};

/// Descriptions of a policy for its documentation.
struct PolicyFacts {
  std::string_view formula;  ///< the score, in the letters of docs/cache.md
  std::string_view source;   ///< the paper; empty where there is none
  std::string_view needs;    ///< the data that it needs
  std::string_view time;     ///< what a choice costs
};

/// An entry of the registry of policies, from which flags, menus, documentation and tests are made.
struct PolicyKind {
  std::string_view name;
  std::string_view help;
  std::unique_ptr<Policy> (*make_with)(const PolicyOptions& options);
  PolicyFacts facts;

  // The results of Policy::evicts(), uses_sketch() and keeps_latest(). If the policy takes a
  // formula, check Formula::uses_sketch() as well.
  bool evicts;
  bool uses_sketch;
  bool keeps_latest;
  bool observes_window;  ///< whether as many rows of mass are kept as the knob says
  bool pools;            ///< whether the score depends on Observation::pool_kernel
  bool takes_formula = false;

  [[nodiscard]] std::unique_ptr<Policy> make(const PolicyOptions& options = {}) const {
    return make_with(options);
  }
};
/// Returns the bytes by which a policy's statistics grow with every slot of a table.
[[nodiscard]] std::size_t statistics_bytes_a_slot(const Policy& policy,
                                                  const Observation& observation);
/// Returns what the policy keeps and what that takes, with these settings, in a sentence.
[[nodiscard]] std::string bytes_text(const PolicyKind& kind, const Observation& observation = {});
/// Returns all that is said of a policy, a line each: what it keeps, its score, the paper, what it
/// needs and what that costs.
[[nodiscard]] std::string description_of(const PolicyKind& kind,
                                         const Observation& observation = {});
const core::Registry<PolicyKind>& policy_kinds();
using PolicyChoice = core::Chosen<policy_kinds>;

}  // namespace sketchscope::policy
