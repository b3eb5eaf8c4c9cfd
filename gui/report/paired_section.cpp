#include <algorithm>

#include "engine/study/study_pairs.hpp"
#include "gui/report/study_figures.hpp"

namespace sketchscope::report {
namespace {

/// Formats an estimate and its interval, if any: "0.973 (0.944 to 0.991)".
TableCell estimate_cell(const std::optional<measure::Estimate>& estimate) {
  if (!estimate) return number_cell(std::nullopt, 4);
  TableCell cell = number_cell(estimate->value, 4);
  if (const auto& interval = estimate->interval) {
    cell.text += " (" + number_cell(interval->low, 4).text + " to " +
                 number_cell(interval->high, 4).text + ")";
  }
  return cell;
}

TableCell texts_cell(const study::StudyPair& pair) {
  const auto& measured = pair.perplexity_ratio ? pair.perplexity_ratio : pair.logit_kl_difference;
  return number_cell(measured ? std::optional<double>(measured->portions) : std::nullopt, 4);
}

}  // namespace

Section paired_section(const StudyView& study, const std::string& reference) {
  Section section{.heading = "Against " + reference};
  section.blocks.emplace_back(Paragraph{
      "Each configuration beside its reference on the same texts: perplexity over the reference's, "
      "and logit KL less the reference's, in brackets their 95 % intervals. Both are paired by "
      "text, so that the difficulty of a text cancels: a ratio whose interval ends below 1 is "
      "surely better on such texts, one whose interval begins above 1 surely worse."});
  Table table{.columns = {{"configuration", ColumnKind::sentences},
                          {"reference", ColumnKind::sentences},
                          {"× its perplexity"},
                          {"logit KL less its"},
                          {"texts"}}};
  for (const study::StudyPair& pair : study::pairs_against(study.rows, reference)) {
    table.rows.push_back({{pair.row->name},
                          {pair.reference->name},
                          estimate_cell(pair.perplexity_ratio),
                          estimate_cell(pair.logit_kl_difference),
                          texts_cell(pair)});
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace sketchscope::report
