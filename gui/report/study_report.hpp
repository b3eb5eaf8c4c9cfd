#pragma once

#include <string>
#include <vector>

#include "engine/study/study_table.hpp"
#include "gui/report/document.hpp"

namespace sketchscope {

/// Returns the report of a study: configurations, workload and results, for a reader without
/// knowledge of the program.
Document study_report(const StudyResults& results);

/// Returns the differences of two studies in setup and results.
Document difference_report(const StudyResults& left, const StudyResults& right);

}  // namespace sketchscope
