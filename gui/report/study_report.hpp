#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/study/study_table.hpp"
#include "gui/report/document.hpp"

namespace sketchscope::report {

/// Returns the report of a study: configurations, workload and results, for a reader without
/// knowledge of the program. Each of `references` gets a section of paired ratios to it. Throws
/// UsageError on one that is not in the study.
Document study_report(const study::StudyResults& results,
                      std::span<const std::string> references = {});

/// Returns the differences of two studies in setup and results.
Document difference_report(const study::StudyResults& left, const study::StudyResults& right);

/// The verdict of a study on a claim; undecided if the interval includes both outcomes, and none
/// without an interval, or on texts that the model cannot read.
enum class Verdict : std::uint8_t { held, not_held, undecided, no_interval, unread, not_measured };

/// Judges whether a figure is below a limit with its whole interval.
Verdict verdict_below(double limit, const measure::Estimate& estimate);

/// A claim of the idea that the program grew from (score cached tokens by a small sketch, keep the
/// top, approximate the rest, and lose little), and a study's verdict on it.
struct Claim {
  std::string statement;
  Verdict verdict = Verdict::not_measured;
  std::string evidence = {};  ///< a sentence with the figures
  /// Whether it is about what the model makes of a text, which says nothing where it cannot read
  /// it.
  bool needs_readable_text = true;
};

/// Whether the model can read the texts of a study, judged by the full cache's perplexity.
enum class Texts : std::uint8_t { read, unread };

/// Judges every claim by the rows of a study. On texts that the model cannot read, those that need
/// readable ones get no verdict but Verdict::unread.
std::vector<Claim> check_claims(std::span<const study::StudyRow> rows, Texts texts = Texts::read);

}  // namespace sketchscope::report
