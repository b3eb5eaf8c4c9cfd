#pragma once

#include <vector>

#include "engine/study/study_table.hpp"
#include "gui/report/document.hpp"

namespace sketchscope {

/// A study, and the line of every row's plots.
struct StudyView {
  const StudyResults& results;
  std::vector<StudyRow> rows;
  std::vector<std::string> families;  ///< by row
};
StudyView view_study(const StudyResults& results);

/// Figures of quality: against bytes, capacity, recall; those of which nothing was measured are
/// left out. Likewise the others.
std::vector<Figure> quality_figures(const StudyView& study);
std::vector<Figure> sketch_figures(const StudyView& study);
std::vector<Figure> cost_figures(const StudyView& study);

}  // namespace sketchscope
