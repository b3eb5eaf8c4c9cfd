#pragma once

#include <vector>

#include "gui/report/document.hpp"
#include "gui/report/study_figures.hpp"

namespace sketchscope::report {

/// Returns the figures that reports of studies can have and `document`, the report of this one, has
/// not, with the reasons.
std::vector<MissingFigure> missing_figures(const StudyView& study, const Document& document);

}  // namespace sketchscope::report
