#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "engine/branch/branch_measurement.hpp"
#include "engine/branch/branch_study.hpp"

namespace sketchscope {

/// Returns every knob and the largest length of a path.
nlohmann::json branch_config_json(const BranchOptions& options);
/// Returns the figures of a cost, with equal keys for branching and each baseline.
nlohmann::json cost_json(const BranchCost& cost);

/// Returns the output of `branch --json`, schema sketchscope/branch/1.
nlohmann::json branch_json(const LoadedModel& model, const BranchOptions& options,
                           const BranchMeasurement& measurement);

/// Writes branch-<name>.json, .csv and .svg of a study into an existing folder. The SVG embeds its
/// configuration.
void write_branch_study(const std::filesystem::path& folder, const BranchStudyKind& kind,
                        const BranchOptions& base, std::span<const BranchStudyRow> rows);

/// Returns the picture of a study as an SVG document that embeds `configuration`: lines if one
/// quantity was varied, tables coloured by value if two were.
std::string branch_study_svg(const BranchStudyKind& kind, std::span<const BranchStudyRow> rows,
                             std::string_view configuration);

}  // namespace sketchscope
