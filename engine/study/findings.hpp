#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/study/study_table.hpp"

namespace sketchscope {

/// The figure by which a study's configurations are ranked: lower is better.
struct Criterion {
  std::string figure;  ///< "perplexity" where it was measured
  std::string name;    ///< as a reader would say it
};

/// What most rows have, the most telling first: logit KL, then perplexity.
Criterion criterion_of(std::span<const StudyRow> rows);

/// Keys, values, sketch, statistics and tail summary of one lane.
std::optional<double> total_bytes(const StudyRow& row);

/// Rows than which no other has both fewer or as many bytes and a lower or equal figure, by bytes.
std::vector<std::size_t> pareto_front(std::span<const StudyRow> rows, const std::string& figure);

/// Of the rows that are no baseline, those of the lowest figure in at most this many bytes.
std::optional<std::size_t> best_within(std::span<const StudyRow> rows, const std::string& figure,
                                       double bytes);

/// What tells rows apart besides numbers: policy, read, format, … as far as they vary; a baseline's
/// name. Rows of one family make one line of a plot.
std::vector<std::string> families(std::span<const StudyRow> rows);

/// Median of a figure over the rows that have it.
std::optional<double> median_of(std::span<const StudyRow* const> rows, const std::string& figure);

enum class Verdict : std::uint8_t { held, not_held, not_measured };

/// A claim of the idea that the program grew from, and what the study says to it.
struct Claim {
  std::string statement;
  Verdict verdict = Verdict::not_measured;
  std::string evidence;  ///< the figures, a sentence
};
std::vector<Claim> check_claims(std::span<const StudyRow> rows);

}  // namespace sketchscope
