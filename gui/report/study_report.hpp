#pragma once

#include <string>
#include <vector>

#include "engine/study/study_table.hpp"
#include "gui/report/document.hpp"

namespace sketchscope {

/// What was compared, on what, and what came out, for a reader who knows nothing of the program.
Document study_report(const StudyResults& results);

/// Two studies side by side: what differs in how they were made, and in what came out.
Document difference_report(const StudyResults& left, const StudyResults& right);

}  // namespace sketchscope
