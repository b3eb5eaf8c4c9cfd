#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/branch/branch_study.hpp"

namespace sketchscope {

/// Returns the picture of a study as an SVG document that embeds `configuration`: lines if one
/// quantity was varied, tables coloured by value if two were.
std::string branch_study_svg(const BranchStudyKind& kind, std::span<const BranchStudyRow> rows,
                             std::string_view configuration);

}  // namespace sketchscope
