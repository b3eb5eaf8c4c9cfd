#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "engine/core/registry.hpp"

namespace sketchscope {

/// What a summary is made for: the key/value heads that share a table, and the knobs it obeys.
struct TailShape {
  int heads = 0;       // K
  int head_width = 0;  // D
  int clusters = 8;
  std::uint64_t seed = 42;
};

/// A position that leaves a table, as it was stored there.
struct TailEntry {
  std::span<const float> key;    // (K, D)
  std::span<const float> value;  // (K, D)
  float score = 0;               ///< by the policy, when it was chosen
};

/// One query, and what is known of the stored slots under it.
struct TailQuery {
  int head = 0;                  ///< key/value head that it reads
  std::span<const float> query;  // (D)
  float scale = 1;               ///< multiplies every dot product
  double stored_log_sum = 0;     ///< ln Σ_S e^s
  double historic_share = 0;     ///< ρ: what the sketch says the tail drew of all mass so far
};

/// Stands for the evicted positions of one table, the tail R, when attention is read as
///   o = (Σ_S e^s v + Z·m) / (Σ_S e^s + Z),
/// Z for Σ_R e^s and m for the tail's mean value under the query. A clone is a fork.
class TailSummary {
 public:
  virtual ~TailSummary() = default;
  [[nodiscard]] virtual std::unique_ptr<TailSummary> clone() const = 0;

  virtual void add(const TailEntry& entry) = 0;

  /// ln Z, −∞ while nothing was added; `mean` (D) becomes m.
  virtual double read(const TailQuery& query, std::span<float> mean) const = 0;

  [[nodiscard]] virtual std::size_t bytes() const = 0;
};

/// One line of the registry; flags, menus and tests read it.
struct AggregateKind {
  std::string_view name;
  std::string_view help;
  std::unique_ptr<TailSummary> (*make)(const TailShape&) = nullptr;
  bool needs_sketch = false;  ///< reads TailQuery::historic_share
  bool has_clusters = false;  ///< obeys TailShape::clusters
  bool draws_hashes = false;  ///< obeys TailShape::seed
};
const Registry<AggregateKind>& aggregate_kinds();
using AggregateChoice = Chosen<aggregate_kinds>;

}  // namespace sketchscope
