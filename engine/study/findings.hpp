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

/// What tells rows apart besides numbers: policy, read, format, … as far as they vary; a baseline's
/// name. Rows of one family make one line of a plot.
std::vector<std::string> families(std::span<const StudyRow> rows);

/// Median of a figure over the rows that have it.
std::optional<double> median_of(std::span<const StudyRow* const> rows, const std::string& figure);

/// By how much a figure of `left` exceeds that of `right`: medians over each side's rows, paired
/// text by text, so that what makes a text hard drops out. Empty where a row lacks it for a text.
std::optional<Estimate> difference_of(std::span<const StudyRow* const> left,
                                      std::span<const StudyRow* const> right,
                                      const std::string& figure);

}  // namespace sketchscope
