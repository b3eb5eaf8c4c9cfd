#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gui/view/comparison.hpp"
#include "gui/view/history.hpp"

namespace sketchscope::view {

/// A − B at the positions that both have reached, by A's steps; kMissing if either was not
/// measured.
struct DifferenceSeries {
  StepSeries steps;
  StepSeries logit_kl;
  StepSeries retained_mass;  ///< mean over layers
};

/// The comparison of two runs so far. It follows them, so that a step costs only what is new.
class RunningComparison {
 public:
  /// Reads the steps that are new, all of them where either history is another one than before or
  /// replaced its records.
  void follow(const History& a, const History& b);
  /// Returns whether these histories, with these records, were followed last.
  [[nodiscard]] bool is_of(const History& a, const History& b) const {
    return generation_of_a_ == a.generation() && generation_of_b_ == b.generation();
  }

  /// Returns the first position at which the tokens of both runs differ; empty if there is none.
  [[nodiscard]] std::optional<int> first_divergence() const { return divergence_; }
  /// Returns the first position at whose step A and B evicted different positions; empty if there
  /// is none.
  [[nodiscard]] std::optional<int> first_other_victims() const { return other_victims_; }
  [[nodiscard]] const DifferenceSeries& series() const { return series_; }
  /// Returns perplexity, mean next-token KL, top-1 agreement with the full cache, mean retained
  /// mass, cache bytes and evictions up to the last position that both runs reached. Perplexity is
  /// comparable only over given tokens, since a lane assigns high probability to what it drew.
  [[nodiscard]] std::vector<ComparedFigure> figures(const History& a, const History& b) const;

 private:
  /// The mean of the values that were measured.
  struct Mean {
    double sum = 0;
    int measured = 0;
    void add(double value);
    [[nodiscard]] double value() const;
  };
  /// The figures of one run up to the last common position.
  struct Totals {
    std::size_t steps = 0;  ///< that are counted
    Mean logit_kl;
    Mean agreement;
    std::vector<Mean> retained_mass;  ///< by layer
    double evictions = 0;
    void count(const History& history, std::size_t steps);
    [[nodiscard]] double mean_retained_mass() const;
  };

  void read_step(const History& a, const History& b, std::size_t step);

  std::uint64_t generation_of_a_ = 0;
  std::uint64_t generation_of_b_ = 0;
  std::size_t tokens_ = 0;  ///< that are compared
  std::optional<int> divergence_;
  std::optional<int> other_victims_;
  DifferenceSeries series_;
  Totals of_a_;
  Totals of_b_;
};

/// Returns the comparison of two runs, read at once.
RunningComparison comparison_of(const History& a, const History& b);

}  // namespace sketchscope::view
