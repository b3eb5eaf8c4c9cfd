#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "engine/branch/branch_measurement.hpp"
#include "engine/branch/branch_study.hpp"

namespace sketchscope::cli {

/// Returns every knob and the largest length of a path.
nlohmann::json branch_config_json(const branch::BranchOptions& options);
/// Returns the figures of a cost, with equal keys for branching and each baseline.
nlohmann::json cost_json(const branch::BranchCost& cost);

/// Returns the output of `branch --json`, schema sketchscope/branch/1.
nlohmann::json branch_json(const model::LoadedModel& model, const branch::BranchOptions& options,
                           const branch::BranchMeasurement& measurement);

/// Writes branch-<name>.json, .csv and .svg of a study into an existing folder. The SVG embeds its
/// configuration. Of a partial study there is the JSON alone, which is marked.
void write_branch_study(const std::filesystem::path& folder, const branch::BranchStudyKind& kind,
                        const branch::BranchOptions& base,
                        std::span<const branch::BranchStudyRow> rows, bool partial);

/// Returns the picture of a study as an SVG document that embeds `configuration`: lines if one
/// quantity was varied, tables coloured by value if two were.
std::string branch_study_svg(const branch::BranchStudyKind& kind,
                             std::span<const branch::BranchStudyRow> rows,
                             std::string_view configuration);

}  // namespace sketchscope::cli
