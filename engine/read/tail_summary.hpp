#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "engine/core/registry.hpp"

namespace sketchscope::read {

/// The shape of a summary: the key/value heads that share its table, and the knobs that it depends
/// on.
struct TailShape {
  int heads = 0;       // K
  int head_width = 0;  // D
  int clusters = 8;
  std::uint64_t seed = 42;
};

/// A position that leaves a table: its key and value as they were stored, decoded.
struct TailEntry {
  std::span<const float> key;    // (K, D)
  std::span<const float> value;  // (K, D)
  float score = 0;               ///< score with which the policy chose it
};

/// One query, with the quantities of the stored slots that a summary needs.
struct TailQuery {
  int head = 0;                  ///< key/value head that it reads
  std::span<const float> query;  // (D)
  float scale = 1;               ///< multiplies every dot product
  double stored_log_sum = 0;     ///< ln Σ_S e^s
  double historic_share = 0;     ///< ρ: the tail's share of all mass, by the sketch
};

/// A summary of the evicted positions E of one table, the tail, by which attention is read as
/// (docs/cache.md, "aggregate")
///   o = (Σ_S e^s v + Z·m) / (Σ_S e^s + Z),
/// where Z estimates Σ_E e^s and m the tail's mean value under the query. A clone continues as the
/// original would.
class TailSummary {
 public:
  virtual ~TailSummary() = default;
  [[nodiscard]] virtual std::unique_ptr<TailSummary> clone() const = 0;

  /// Adds a position that leaves the table.
  virtual void add(const TailEntry& entry) = 0;

  /// Returns ln Z, −∞ while nothing was added, and writes m to `mean` (D).
  virtual double read(const TailQuery& query, std::span<float> mean) const = 0;

  [[nodiscard]] virtual std::size_t bytes() const = 0;
};

/// An entry of the registry of summaries, from which flags, menus and tests are made.
struct AggregateKind {
  std::string_view name;
  std::string_view help;
  std::unique_ptr<TailSummary> (*make)(const TailShape&) = nullptr;
  bool needs_sketch = false;  ///< depends on TailQuery::historic_share
  bool has_clusters = false;  ///< depends on TailShape::clusters
  bool draws_hashes = false;  ///< depends on TailShape::seed
};
const core::Registry<AggregateKind>& aggregate_kinds();
using AggregateChoice = core::Chosen<aggregate_kinds>;

}  // namespace sketchscope::read
