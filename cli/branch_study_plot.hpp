#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/branch/branch_study.hpp"

namespace sketchscope {

/// The picture of a study as an SVG document that holds `configuration`: lines where one thing was
/// varied, tables coloured by value where two were.
std::string branch_study_svg(const BranchStudyKind& kind, std::span<const BranchStudyRow> rows,
                             std::string_view configuration);

}  // namespace sketchscope
