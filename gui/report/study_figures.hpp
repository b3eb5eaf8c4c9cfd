#pragma once

#include <string>
#include <vector>

#include "engine/study/study_table.hpp"
#include "gui/report/document.hpp"

namespace sketchscope {

/// Rows that make one line of a plot; `style` is its colour and dash in all of them.
struct StudyFamily {
  std::string name;
  std::size_t style = 0;
  std::vector<const StudyRow*> rows;
};

/// A study, and what its plots are made of.
struct StudyView {
  const StudyResults& results;
  std::vector<StudyRow> rows;
  std::vector<StudyFamily> families;  ///< in the order in which they first appear
  /// Figures by layer are shown at one capacity, lest medians mix several: that which most
  /// configurations that evict have, the smallest of these.
  int layer_capacity = 0;
  std::vector<StudyFamily> at_layer_capacity;  ///< what evicts there

  StudyView(const StudyView&) = delete;  // families point into rows
  StudyView& operator=(const StudyView&) = delete;
  explicit StudyView(const StudyResults& study);

  /// "result" of its file.
  [[nodiscard]] const nlohmann::json& result_of(const StudyRow& row) const;
};

/// "Medians over the configurations with a capacity of 64."
std::string at_layer_capacity_text(const StudyView& study);

/// Figures of quality: against bytes, capacity, recall; those of which nothing was measured are
/// left out. Likewise the others.
std::vector<Figure> quality_figures(const StudyView& study);
std::vector<Figure> sketch_figures(const StudyView& study);
std::vector<Figure> cost_figures(const StudyView& study);

}  // namespace sketchscope
