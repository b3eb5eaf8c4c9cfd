#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/model/model.hpp"
#include "engine/policy/policy.hpp"

namespace sketchscope {

/// What every position of a text will still draw under the full cache, by table and step: a table
/// of a layer for all heads, or one for each. Takes 2 T (T + 1) bytes a table.
class FutureMass {
 public:
  FutureMass(int layers, int tables, int length);

  /// Masses (step + 1) of the query at position `step`, by position.
  void record(int layer, int table, int step, std::span<const float> mass);
  /// All steps are in: masses become sums over this step and all that follow.
  void accumulate();

  [[nodiscard]] int tables() const { return tables_; }
  [[nodiscard]] int length() const { return length_; }
  /// Σ over queries at `step` and later of their mass on `position` < `step`; 0 beyond the text.
  [[nodiscard]] float from(int layer, int table, int step, int position) const;

  static std::size_t bytes(int layers, int tables, int length);

 private:
  [[nodiscard]] std::size_t row(int layer, int table, int step) const;

  int tables_;
  int length_;
  std::vector<float> sums_;  // (L · tables, triangle)
};

/// Feeds `tokens` to a full cache and keeps what each query gave to each position.
FutureMass record_future(std::shared_ptr<const Model> model, std::span<const int> tokens,
                         bool heads_apart, int threads);

/// Evicts the position that will draw least under the full cache, in replay: after Belady (A Study
/// of Replacement Algorithms for a Virtual-Storage Computer, 1966). A bound in practice, not in
/// proof: it is greedy, and deeper layers of a capped cache ask other queries than the full one's.
class OraclePolicy final : public Policy {
 public:
  explicit OraclePolicy(FutureMass future) : future_(std::move(future)) {}

  void score(const ScoreInput& input, std::span<float> importance) const override;

 private:
  FutureMass future_;
};

}  // namespace sketchscope
