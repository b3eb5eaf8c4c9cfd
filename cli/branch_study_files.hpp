#pragma once

#include <filesystem>
#include <span>

#include "engine/branch/branch_study.hpp"

namespace sketchscope {

/// Writes branch-<name>.json, .csv and .svg of a study into an existing folder. The SVG embeds its
/// configuration.
void write_branch_study(const std::filesystem::path& folder, const BranchStudyKind& kind,
                        const BranchOptions& base, std::span<const BranchStudyRow> rows);

}  // namespace sketchscope
