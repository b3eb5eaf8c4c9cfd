#pragma once

#include <string>
#include <vector>

#include "gui/report/study_figures.hpp"

namespace sketchscope::report {

/// Returns whether the model can read the study's texts, by the perplexity of the cache that loses
/// nothing, or the lowest one.
bool can_read_texts(const StudyView& study);

/// Returns sentences on what makes a study's figures say less than they seem to: a model that
/// cannot read the text, rows of sketches that are nearly dead.
std::vector<std::string> warnings_of(const StudyView& study);

}  // namespace sketchscope::report
