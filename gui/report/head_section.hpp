#pragma once

#include <optional>

#include "gui/report/study_figures.hpp"

namespace sketchscope {

/// Returns the section on attention by head, at StudyView::layer_capacity; empty if heads were not
/// measured.
std::optional<Section> head_section(const StudyView& study);

}  // namespace sketchscope
