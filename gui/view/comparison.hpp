#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/settings/knobs.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"

namespace sketchscope {

/// A knob that two runs have different values of.
struct KnobDifference {
  std::string knob;
  std::string a;
  std::string b;
};
std::vector<KnobDifference> knob_differences(const Knobs& a, const Knobs& b);

/// The first position at which both runs have a token, and not the same; empty while they agree.
std::optional<int> first_divergence(const History& a, const History& b);

/// A figure of both runs, over the steps that both have made.
struct ComparedFigure {
  std::string name;
  double a = 0;  ///< kMissing where it was not measured
  double b = 0;
  std::string (*format)(double value);
};
/// Perplexity, mean KL of the next token, mean retained mass, bytes of the cache, evictions: after
/// the last position that both have reached.
std::vector<ComparedFigure> compared_figures(const History& a, const History& b);

/// "+0.012", "−1.2 MiB": A's figure less B's, as the figure is written; kAbsent where either is.
std::string difference_text(const ComparedFigure& figure);

/// A less B at the positions that both have reached, by A's steps; kMissing where either was not
/// measured.
struct DifferenceSeries {
  StepSeries steps;
  StepSeries logit_kl;
  StepSeries retained_mass;  ///< mean over layers
};
DifferenceSeries difference_series(const History& a, const History& b);

/// Which tokens of two texts belong to a longest common subsequence.
struct TextDifference {
  std::vector<bool> a;  ///< by token: whether the other text has it too
  std::vector<bool> b;
};
TextDifference text_difference(std::span<const int> a, std::span<const int> b);

/// The step of `history` that fed `position`, or its last one.
std::size_t step_at(const History& history, int position);

/// Positions of both runs beside each other.
DataTable comparison_data(const History& a, const History& b);

}  // namespace sketchscope
