#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/measure/bootstrap.hpp"
#include "engine/settings/knobs.hpp"
#include "engine/study/study_folder.hpp"

namespace sketchscope::study {

/// The figures of one scored text by name: means over its steps.
struct StudyText {
  double steps = 0;
  std::map<std::string, double> figures;
};

/// One configuration with all its figures by name: "perplexity", "continuation.bleu4",
/// "memory.kv_bytes", "timing.step_ms_p50"; "texts" is the number of scored texts, over which the
/// intervals of perplexities are. A figure that was not measured is absent.
struct StudyRow {
  std::string name;
  std::string baseline;  ///< empty for a configuration of the grid
  settings::Knobs knobs;
  std::map<std::string, double> figures;
  std::vector<StudyText> texts;  ///< equal texts in every row of a study
  std::vector<double>
      row_loads;  ///< filled shares of the sketch's rows, (R); empty if not measured

  [[nodiscard]] std::optional<double> figure(const std::string& figure_name) const;
};

/// Returns one row per result, in the order of the grid.
std::vector<StudyRow> study_rows(std::span<const nlohmann::json> results);

/// Writes summary.json and summary.csv, which repeat in every run, and times.csv, which does not.
void write_summary(const std::filesystem::path& folder, const StudyResults& results);

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
std::optional<measure::Estimate> difference_of(std::span<const StudyRow* const> left,
                                               std::span<const StudyRow* const> right,
                                               const std::string& figure);

}  // namespace sketchscope::study
