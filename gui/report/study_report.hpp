#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/study/study_table.hpp"
#include "gui/report/document.hpp"

namespace sketchscope::report {

/// Returns the report of a study: configurations, workload and results, for a reader without
/// knowledge of the program.
Document study_report(const study::StudyResults& results);

/// Returns the differences of two studies in setup and results.
Document difference_report(const study::StudyResults& left, const study::StudyResults& right);

/// The verdict of a study on a claim; undecided if the interval includes both outcomes, and none
/// without an interval.
enum class Verdict : std::uint8_t { held, not_held, undecided, no_interval, not_measured };

/// Judges whether a figure is below a limit with its whole interval.
Verdict verdict_below(double limit, const measure::Estimate& estimate);

/// A claim of the idea that the program grew from (score cached tokens by a small sketch, keep the
/// top, approximate the rest, and lose little), and a study's verdict on it.
struct Claim {
  std::string statement;
  Verdict verdict = Verdict::not_measured;
  std::string evidence;  ///< a sentence with the figures
};
std::vector<Claim> check_claims(std::span<const study::StudyRow> rows);

}  // namespace sketchscope::report
