#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/measure/bootstrap.hpp"
#include "engine/study/study_table.hpp"

namespace sketchscope {

/// The figure by which a study ranks configurations; lower is better.
struct Criterion {
  std::string figure;  ///< "perplexity" where it was measured
  std::string name;    ///< display name
};

/// Returns the first figure that most rows have: logit KL, then perplexity.
Criterion criterion_of(std::span<const StudyRow> rows);

/// Returns the bytes of keys, values, sketch, statistics and tail summary of one lane.
std::optional<double> total_bytes(const StudyRow& row);

/// Returns the Pareto front of total bytes against `figure`, both minimised, ordered by bytes.
std::vector<std::size_t> pareto_front(std::span<const StudyRow> rows, const std::string& figure);

/// Returns the family of each row: the values of all non-numeric knobs that vary (policy, read,
/// format, …), or a baseline's name. The rows of one family are one line of a plot.
std::vector<std::string> families(std::span<const StudyRow> rows);

/// Returns the median of a figure over the rows that have it.
std::optional<double> median_of(std::span<const StudyRow* const> rows, const std::string& figure);

/// Returns the difference left − right of a figure: medians over each side's rows, paired by text,
/// so that the difficulty of a text cancels. Empty if a row lacks the figure for some text.
std::optional<Estimate> difference_of(std::span<const StudyRow* const> left,
                                      std::span<const StudyRow* const> right,
                                      const std::string& figure);

}  // namespace sketchscope
