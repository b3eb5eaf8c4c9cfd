#pragma once

#include <string>
#include <vector>

#include "gui/report/study_figures.hpp"

namespace sketchscope::report {

/// Returns sentences on what makes a study's figures say less than they seem to: a model that
/// cannot read the text, rows of sketches that are nearly dead.
std::vector<std::string> warnings_of(const StudyView& study);

}  // namespace sketchscope::report
