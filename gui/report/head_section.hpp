#pragma once

#include <optional>

#include "gui/report/study_figures.hpp"

namespace sketchscope {

/// Attention head by head, at the capacity that layers are shown at; empty where nothing was looked
/// at so closely.
std::optional<Section> head_section(const StudyView& study);

}  // namespace sketchscope
