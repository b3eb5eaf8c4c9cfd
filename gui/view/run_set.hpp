#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/run/command.hpp"
#include "engine/settings/knobs.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/data_table.hpp"
#include "gui/view/history.hpp"

// Runs that are shown over each other: the run in front, the runs that are compared with it, and
// saved ones. Their curves have one value per step of the run in front, from the step of each run
// that ended at the same position.

namespace sketchscope::view {

/// One of the runs that are shown over each other.
struct SetRun {
  std::size_t place = 0;             ///< less than kMostRuns: its letter and its colour
  std::string name;                  ///< what it differs in from the run in front
  const History* history = nullptr;  ///< never null
  settings::Knobs knobs;             ///< in force at its newest step
  std::string file = {};             ///< of a saved run; empty for a live one
};

/// Returns the letter of a place: "A" is the run in front.
std::string run_letter(std::size_t place);
/// Returns the letter in lower case, for names of actions.
std::string run_name(std::size_t place);
/// Returns the knobs in which a run differs: "policy window, max_cache_size 64"; "same knobs" if it
/// does in none.
std::string run_differences(const settings::Knobs& own, const settings::Knobs& in_front);

/// A figure over steps that runs are shown by.
struct RunFigureKind {
  std::string_view name;          ///< in actions and tables
  std::string_view title;         ///< with its unit
  plot::ValueFormat format;       ///< of a value in a list
  plot::ValueFormat axis_format;  ///< of the ticks of an axis
  /// Returns the series of a run, at `layer` where it has one a layer; null if it has none.
  const StepSeries* (*of)(const History& history, std::size_t layer);
  bool by_layer = false;
  bool from_zero = true;  ///< the least value of its axis; else that of the curves
};
std::span<const RunFigureKind> run_figure_kinds();

/// The numbers of steps over which curves may be smoothed; 1 leaves them as they are.
inline constexpr std::array<int, 4> kSmoothings = {1, 4, 16, 64};

/// The choices that a person made about the runs.
struct RunSetChoice {
  std::array<bool, run::kMostRuns> hidden = {};  ///< by place
  std::size_t figure = 0;                        ///< index into run_figure_kinds()
  std::size_t reference = 0;                     ///< place of the run that others are compared with
  bool difference = false;                       ///< to the reference, rather than the values
  bool by_seed = false;  ///< runs that differ by their seeds alone are one curve with a band
  int smoothing = kSmoothings.front();

  friend bool operator==(const RunSetChoice&, const RunSetChoice&) = default;
};

/// The runs in the order of their places, and what was chosen about them.
struct RunSet {
  std::vector<SetRun> runs;
  RunSetChoice choice;

  /// Returns the run of a place; null if there is none.
  [[nodiscard]] const SetRun* at(std::size_t place) const;
  [[nodiscard]] bool shows(const SetRun& run) const { return !choice.hidden[run.place]; }
};

/// The values of a run's steps and the steps of another run that ended at the same positions.
struct AlignedSeries {
  std::span<const double> x;
  std::span<const double> y;
};
/// Returns the values of `run` by the steps of `base`, without a copy, for runs that feed one token
/// a step after their first one.
AlignedSeries aligned(const History& base, const History& run, const StepSeries& values);
/// Returns the values at the steps of `base`: at each the value of the run's step that ended at the
/// same position, kMissing where it has none.
StepSeries on_steps_of(const History& base, const History& run, const StepSeries& values);
/// Returns the means of the values measured in the latest `steps` steps; kMissing where the step
/// itself was not measured.
StepSeries smoothed(const StepSeries& values, int steps);

/// A curve of one run, or of several that differ by their seeds alone.
struct RunCurve {
  std::size_t place = 0;  ///< of the first of them
  std::string name;       ///< "A", or "C, D, E" for several
  std::size_t runs = 1;
  StepSeries values;  ///< their mean, by step of the run in front
  StepSeries low;     ///< least and largest of several runs; empty for one
  StepSeries high;
};
/// Returns the curves of the runs that are not hidden, by the choice. Empty without a run in front.
std::vector<RunCurve> run_curves(const RunSet& set, std::size_t layer);

/// Returns a column per curve, and two more for a band, with one row per step.
DataTable curves_data(const RunSet& set, const std::vector<RunCurve>& curves);

}  // namespace sketchscope::view
