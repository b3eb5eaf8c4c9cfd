#pragma once

#include <optional>
#include <string>

#include "engine/study/study_table.hpp"
#include "gui/report/document.hpp"

namespace sketchscope {

/// Formats a figure for a table cell; a dash if not measured.
TableCell number_cell(std::optional<double> value, int significant_digits);
TableCell bytes_cell(std::optional<double> value);
TableCell percent_cell(std::optional<double> value);

/// Describes a workload, such as "3 prompts of 192 tokens, each continued by 64".
std::string workload_text(const nlohmann::json& workload);

}  // namespace sketchscope
