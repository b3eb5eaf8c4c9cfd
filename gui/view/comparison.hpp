#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/settings/knobs.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"

namespace sketchscope::view {

/// A knob whose values differ between two runs.
struct KnobDifference {
  std::string knob;
  std::string a;
  std::string b;
};
std::vector<KnobDifference> knob_differences(const settings::Knobs& a, const settings::Knobs& b);

/// Returns the first position at which the tokens of both runs differ; empty if there is none.
std::optional<int> first_divergence(const History& a, const History& b);

/// Returns whether two steps evicted the same positions from the same layers and heads.
bool same_victims(const record::StepRecord& a, const record::StepRecord& b);

/// A figure of both runs over the positions that both have reached.
struct ComparedFigure {
  std::string name;
  double a = 0;  ///< kMissing if not measured
  double b = 0;
  std::string (*format)(double value);
  std::string apart = {};  ///< why A and B cannot be compared, such as "own texts"; else empty
};

/// Returns a difference of shares, such as "3.1 %", in percentage points: "3.1 pp". Others stay.
std::string in_points(std::string difference);
/// Returns A − B in the figure's format, such as "+0.012" or "−1.2 MiB"; kAbsent if either is
/// absent; ComparedFigure::apart if they cannot be compared.
std::string difference_text(const ComparedFigure& figure);

/// The tokens of two texts that belong to a longest common subsequence.
struct TextDifference {
  std::vector<bool> a;  ///< by token: true if it is common to both
  std::vector<bool> b;
};
TextDifference text_difference(std::span<const int> a, std::span<const int> b);

/// Returns the step of `history` that fed `position`, or its last step.
std::size_t step_at(const History& history, int position);

/// Returns one row per position with the tokens and figures of both runs, and whether its step
/// evicted the same positions from both.
DataTable comparison_data(const History& a, const History& b);

}  // namespace sketchscope::view
