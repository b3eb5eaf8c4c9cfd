#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/model/model.hpp"
#include "engine/policy/policy.hpp"

namespace sketchscope {

/// The attention mass that every position of a text will still receive under the full cache, by
/// table and step. A layer has one table for all heads or one per head. Takes 2 T (T + 1) bytes per
/// table.
class FutureMass {
 public:
  FutureMass(int layers, int tables, int length);

  /// Records the masses (step + 1) of the query at position `step`, by position.
  void record(int layer, int table, int step, std::span<const float> mass);
  /// Turns masses into sums over a step and all later ones. Called once, after the last record().
  void accumulate();

  [[nodiscard]] int tables() const { return tables_; }
  [[nodiscard]] int length() const { return length_; }
  /// Returns the mass that queries at `step` and later give to `position` < `step`; 0 beyond the
  /// text.
  [[nodiscard]] float from(int layer, int table, int step, int position) const;

  static std::size_t bytes(int layers, int tables, int length);

 private:
  [[nodiscard]] std::size_t row(int layer, int table, int step) const;

  int tables_;
  int length_;
  std::vector<float> sums_;  // (L · tables, triangle)
};

/// Feeds `tokens` to a full cache and records the mass of each query on each position.
FutureMass record_future(std::shared_ptr<const Model> model, std::span<const int> tokens,
                         bool heads_apart, int threads);

/// Evicts the position that will receive the least mass under the full cache, after Belady (A Study
/// of Replacement Algorithms for a Virtual-Storage Computer, 1966). It is a practical bound rather
/// than a proven one: it is greedy, and the queries in deeper layers of a capped cache differ from
/// those of the full cache.
class OraclePolicy final : public Policy {
 public:
  explicit OraclePolicy(FutureMass future) : future_(std::move(future)) {}

  void score(const ScoreInput& input, std::span<float> importance) const override;

 private:
  FutureMass future_;
};

}  // namespace sketchscope
