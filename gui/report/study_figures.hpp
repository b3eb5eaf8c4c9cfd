#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/study/study_table.hpp"
#include "gui/report/document.hpp"

namespace sketchscope::report {

/// Rows that form one line of a plot. `style` is their colour, dash and marker in
/// all plots.
struct StudyFamily {
  std::string name;
  std::size_t style = 0;
  std::vector<const study::StudyRow*> rows;
};

/// A study with the rows and families that its plots show.
struct StudyView {
  const study::StudyResults& results;
  std::vector<study::StudyRow> rows;
  std::vector<StudyFamily> families;  ///< in the order in which they first appear
  /// The capacity at which figures by layer are shown, so that medians do not mix capacities: the
  /// most frequent one among evicting configurations, the smallest of several.
  int layer_capacity = 0;
  std::vector<StudyFamily> at_layer_capacity;  ///< evicting rows at that capacity

  StudyView(const StudyView&) = delete;  // families refer to rows
  StudyView& operator=(const StudyView&) = delete;
  explicit StudyView(const study::StudyResults& study);

  /// Returns "result" of the row's file.
  [[nodiscard]] const nlohmann::json& result_of(const study::StudyRow& row) const;
};

/// Returns whether a configuration evicted anything.
bool evicts(const study::StudyRow& row);

/// Returns a caption such as "Medians over the configurations with a capacity of 64."
std::string at_layer_capacity_text(const StudyView& study);

/// Returns the plots of quality against bytes, capacity and recall. These functions skip plots
/// without measured values.
std::vector<Figure> quality_figures(const StudyView& study);
std::vector<Figure> sketch_figures(const StudyView& study);
std::vector<Figure> cost_figures(const StudyView& study);

/// Returns the section on attention by head, at StudyView::layer_capacity; empty if heads were not
/// measured.
std::optional<Section> head_section(const StudyView& study);

/// Returns the section of ratios and differences to a configuration of the study, paired by text
/// (study::pairs_against()).
Section paired_section(const StudyView& study, const std::string& reference);

/// Returns the section on model, material, workload and the values of the knobs.
Section set_up_section(const StudyView& study);

/// Returns the section that explains the columns of the tables.
Section glossary_section();

}  // namespace sketchscope::report
